/** Following one turn to its end. */
import { expect } from 'chai'
import { followTurn } from '../../../../src/client/following/follow-turn.ts'
import {
  type Connection,
  errorOf,
  runningTurn,
  type ScriptedDaemon,
  startScriptedDaemon,
  threadId,
  turnCompleted,
} from '../../../support/sites/scripted-daemon.ts'
import { eventually } from '../../../support/waiting/eventually.ts'
import { onScriptedTime } from '../../../support/waiting/scripted-ticks.ts'

/** So long an end is waited for that should be in the ledger already. */
const endMissingMs = 2000

describe('Following a turn', () => {
  let daemon: ScriptedDaemon
  beforeEach(async () => {
    daemon = await startScriptedDaemon()
  })
  afterEach(() => daemon.close())

  const follow = (until: 'begun' | 'ended', seen: (number | string)[] = [], unrecordedMs?: number) =>
    followTurn({
      ...(unrecordedMs === undefined ? {} : { unrecordedMs }),
      link: daemon.link(),
      threadId,
      turnId: 'turn-1',
      after: 0,
      until,
      onEntries: async (entries) => {
        seen.push(...entries.map((entry) => (entry.kind === 'event' ? entry.id : entry.kind)))
      },
    })

  it('ends with its outcome, and shows nothing of the next turn', async () => {
    daemon.on('share/subscribe', (_params, peer) => {
      setImmediate(() => {
        peer.sendEvent(1)
        peer.sendEvent(2, { ...turnCompleted('completed'), turnId: 'turn-0' })
        peer.sendEvent(3, turnCompleted('failed', { message: 'no network' }))
        peer.sendEvent(4, { turnId: 'turn-2' })
      })
      return { head: 0, turn: { ...runningTurn, turnId: 'turn-1' } }
    })
    const seen: (number | string)[] = []
    expect(await follow('ended', seen)).to.deep.equal({ status: 'failed', reason: 'no network' })
    expect(seen).to.deep.equal(['attached', 1, 2, 3])
  })

  it('goes on over a break', async () => {
    daemon.on('share/subscribe', ({ after }, peer) => {
      setImmediate(() => {
        peer.sendEvent(1)
        if (after === 0) setImmediate(() => daemon.cut())
        else peer.sendEvent(2, turnCompleted('completed'))
      })
      return { head: 0, turn: runningTurn }
    })
    expect((await follow('ended')).status).to.equal('completed')
  })

  it('waits while the daemon can record nothing, and says that the outcome is not known when that lasts', async () => {
    const problem = 'the ledger cannot be written: database or disk is full'
    daemon.on('share/subscribe', (_params, peer) => {
      setImmediate(() => peer.notify('share/ledger', { problem }))
      return { head: 0, turn: null }
    })
    const error = await errorOf(follow('ended', [], 50))
    expect(error).to.include({
      errorName: 'connectionLost',
      message: `what becomes of turn turn-1 is not known: ${problem}`,
    })
    daemon.on('share/subscribe', (_params, peer) => {
      setImmediate(() => {
        for (const now of [problem, null]) peer.notify('share/ledger', { problem: now })
        peer.sendEvent(1, turnCompleted('completed'))
      })
      return { head: 0, turn: null }
    })
    expect((await follow('ended', [], 50)).status).to.equal('completed')
  })

  it('can stop as soon as the turn has begun', async () => {
    daemon.on('share/subscribe', (_params, peer) => {
      setImmediate(() => {
        peer.notify('share/caughtUp', { threadId, id: 0 })
        peer.sendEvent(1, { method: 'turn/started' })
      })
      return { head: 0, turn: runningTurn }
    })
    expect(await follow('begun')).to.deep.equal({ status: 'inProgress', reason: null })
  })

  it('tells the outcome even so when the turn is over already', async () => {
    daemon.on('share/subscribe', (_params, peer) => {
      setImmediate(() => {
        peer.sendEvent(1, { method: 'turn/started' })
        setImmediate(() => peer.sendEvent(2, turnCompleted('completed')))
      })
      return { head: 2, turn: null }
    })
    expect((await follow('begun')).status).to.equal('completed')
  })

  it(
    'goes on when a daemon that did not know of the turn, as it had just started, has found it',
    onScriptedTime(async (time) => {
      let connection: Connection | undefined
      daemon.on('share/subscribe', (_params, peer) => {
        connection = peer
        setImmediate(() => peer.notify('share/caughtUp', { threadId, id: 0 }))
        return { head: 0, turn: null }
      })
      const outcome = follow('ended')
      await eventually('it waits for the end', () => time.due.includes(endMissingMs))
      connection?.sendEvent(1, { method: 'turn/started' })
      await eventually('it waits no more', () => !time.due.includes(endMissingMs))
      time.run(endMissingMs + 1000)
      connection?.sendEvent(2, turnCompleted('completed'))
      expect((await outcome).status).to.equal('completed')
    }),
  )

  it('ends where the end of the turn was forgotten, with how it ended', async () => {
    daemon.on('share/subscribe', (_params, peer) => {
      setImmediate(() => peer.sendEvent(1, { method: 'share/forgotten', params: { status: 'interrupted' } }))
      return { head: 1, turn: null }
    })
    expect((await follow('ended')).status).to.equal('interrupted')
  })

  it(
    'does not wait for ever for an end that is no longer kept',
    onScriptedTime(async (time) => {
      daemon.on('share/subscribe', (_params, peer) => {
        setImmediate(() => peer.notify('share/caughtUp', { threadId, id: 9 }))
        return { head: 9, turn: null }
      })
      const outcome = errorOf(follow('ended'))
      await eventually('it waits for the end', () => time.due.includes(endMissingMs))
      time.run(endMissingMs)
      const { errorName, message } = await outcome
      expect([errorName, message]).to.deep.equal([
        'notFound',
        `turn turn-1 of thread ${threadId} is over, and its end is no longer kept`,
      ])
    }),
  )
})
