/** What is noted of the notifications to a stock client, and when a new thread of its is followed. */
import { expect } from 'chai'
import { PrivateThreads } from '../../../../../src/daemon/adoption/private-threads.ts'
import { ClientThreads } from '../../../../../src/daemon/codex-socket/client-threads.ts'
import { type NotificationFrame, peekFrame } from '../../../../../src/daemon/codex-socket/frames/peek-frame.ts'
import {
  followFirstTurn,
  followWithoutClient,
  type Noticing,
  observeNotification,
} from '../../../../../src/daemon/codex-socket/shared-link/observe-notification.ts'
import { TurnSlots } from '../../../../../src/daemon/slots/turn-slots.ts'
import { onScriptedTime } from '../../../../support/waiting/scripted-ticks.ts'

const threadId = 't'

describe('A notification to a stock client', () => {
  let threads: ClientThreads
  let slots: TurnSlots
  let isShared: boolean
  /** How often following the thread fails before it works. */
  let failures: number
  /** Threads that were tried to follow, and questions that are over. */
  let log: unknown[]
  let client: Noticing

  beforeEach(() => {
    ;[threads, slots, isShared, failures, log] = [new ClientThreads(), new TurnSlots(), true, 0, []]
    const core = {
      slots,
      privateThreads: new PrivateThreads(),
      directory: {
        isShared: () => isShared,
        follow: async (id: string) => {
          log.push(`follow ${id}`)
          failures -= 1
          if (failures >= 0) throw new Error('not stored yet')
        },
      },
      log: { debug: () => {} },
    }
    const questions = { onResolved: (requestId: unknown) => log.push(requestId) }
    client = { core, threads, questions } as unknown as Noticing
  })

  const open = ({ isNew = true, isHelper = false } = {}) => {
    const thread = threads.add({ thread: { id: threadId, ephemeral: isHelper } }, { isNew })
    if (!thread) throw new Error('no thread')
    return thread
  }
  const see = async (method: string, params: object = {}) => {
    const data = Buffer.from(JSON.stringify({ method, params: { threadId, ...params } }))
    observeNotification(client, peekFrame(data) as NotificationFrame, data)
    await new Promise(setImmediate)
  }
  const turn = { id: 'x', rootTurnId: 'x', status: 'completed' }
  const itemCompleted = () => see('item/completed', { turnId: 'x', item: { id: 'i', type: 'userMessage' } })

  it('shows which turn the client believes to run', async () => {
    const thread = open({ isNew: false })
    await see('turn/started', { turn })
    const during = thread.turnId
    await see('turn/completed', { turn })
    expect([during, thread.turnId, log]).to.deep.equal(['x', null, []])
  })

  it('ends a question, also of a thread that the client has not open', async () => {
    await see('serverRequest/resolved', { requestId: 5 })
    expect(log).to.deep.equal([5])
  })

  for (const [what, sign] of [
    ['the first item', itemCompleted],
    ['the end of the turn', () => see('turn/completed', { turn })],
  ] as const)
    it(`shows by ${what} that a new thread is stored, which is followed once`, async () => {
      const thread = open()
      await sign()
      await sign()
      expect([log, thread.isUnstored]).to.deep.equal([['follow t'], false])
    })

  it('is a sign to try again where the thread could not be followed', async () => {
    const thread = open()
    failures = 1
    await itemCompleted()
    expect(thread.isUnstored).to.equal(true)
    await itemCompleted()
    expect([log, thread.isUnstored]).to.deep.equal([['follow t', 'follow t'], false])
  })

  for (const [what, options] of [
    ['that Codex had stored before', { isNew: false }],
    ['that is a helper', { isHelper: true }],
  ] as const)
    it(`has no thread followed ${what}`, async () => {
      const thread = open(options)
      const { isUnstored } = thread
      await itemCompleted()
      expect([log, thread.isUnstored]).to.deep.equal([[], isUnstored])
    })

  it('has no thread followed that is not shared, and shows that it is stored', async () => {
    const thread = open()
    isShared = false
    await itemCompleted()
    expect([log, thread.isUnstored]).to.deep.equal([[], false])
  })

  it('is not parsed where it does not matter', () => {
    open()
    const frame = { kind: 'notification', method: 'item/agentMessage/delta', effectKind: 'itemGrew' } as const
    const data = { toString: () => expect.fail('it was parsed') } as unknown as Buffer
    observeNotification(client, frame, data)
    threads.remove(threadId)
    observeNotification(client, { ...frame, effectKind: 'itemCompleted' }, data)
  })

  it('says before it is followed that it is, so that the next sign does not try at once', async () => {
    const thread = open()
    const tried = followFirstTurn(client, thread)
    expect(thread.isUnstored).to.equal(false)
    await tried
  })

  it(
    'is not needed after the client has left: its new thread is tried until it is followed',
    onScriptedTime(async (time) => {
      const thread = open()
      slots.onTurnStarted(threadId, 'x', 0)
      failures = 1
      const done = followWithoutClient(client, [thread])
      const settled = () => new Promise(setImmediate)
      await settled()
      expect([log.length, time.waiting.keep]).to.deep.equal([1, 0])
      time.run(200)
      await settled()
      expect([log.length, thread.isUnstored]).to.deep.equal([2, false])
      time.run(200)
      await done
      expect(log).to.have.length(2)
    }),
  )

  it(
    'is waited for no longer than the turn of a client that has left runs',
    onScriptedTime(async (time) => {
      const thread = open()
      await followWithoutClient(client, [thread])
      slots.onTurnStarted(threadId, 'x', 0)
      failures = Number.POSITIVE_INFINITY
      const done = followWithoutClient(client, [thread])
      await new Promise(setImmediate)
      slots.onTurnEnded(threadId, 'x')
      time.run(200)
      await done
      expect(log).to.deep.equal(['follow t'])
    }),
  )
})
