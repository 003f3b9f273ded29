/** Following a thread over connections that break. */
import { setImmediate as nextLoop } from 'node:timers/promises'
import { expect } from 'chai'
import { type FollowOptions, followThread } from '../../../../src/client/following/follow-thread.ts'
import type { FollowEntry } from '../../../../src/client/following/inbox.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { errorOf, type ScriptedDaemon, startScriptedDaemon, threadId } from '../../../support/sites/scripted-daemon.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

/** An entry in short: an event's id, or the kind of anything else. */
function short(entry: FollowEntry): number | string {
  return entry.kind === 'event' ? entry.id : entry.kind
}

describe('Following a thread', () => {
  let daemon: ScriptedDaemon
  beforeEach(async () => {
    daemon = await startScriptedDaemon()
  })
  afterEach(() => daemon.close())

  /** Follows until the daemon says that the thread is closed. */
  async function followAll(options: Partial<FollowOptions> = {}): Promise<(number | string)[]> {
    const seen: (number | string)[] = []
    for await (const entries of followThread({ link: daemon.link(), threadId, ...options }))
      seen.push(...entries.map(short))
    return seen
  }

  const subscriptions = () =>
    daemon.asked.filter(({ method }) => method === 'share/subscribe').map(({ params }) => params)

  it('gives replay and what comes live in order, and ends when the thread is closed', async () => {
    daemon.on('share/subscribe', (_params, peer) => {
      setImmediate(() => {
        for (const id of [3, 4, 7]) peer.sendEvent(id)
        peer.notify('share/caughtUp', { threadId, id: 7 })
        peer.sendEvent(8)
        peer.notify('share/closed', { threadId })
      })
      return { head: 7, turn: null }
    })
    expect(await followAll({ after: 2 })).to.deep.equal(['attached', 3, 4, 7, 'caughtUp', 8, 'closed'])
    expect(subscriptions()).to.deep.equal([{ threadId, after: 2 }])
  })

  it('goes on behind the last event after a break, and gives none twice', async () => {
    daemon.on('share/subscribe', ({ after }, peer) => {
      setImmediate(() => {
        if (after === 0) {
          for (const id of [1, 2, 3]) peer.sendEvent(id)
          setImmediate(() => daemon.cut())
        } else {
          // One too many, as a daemon might that had not yet noticed the break.
          for (const id of [3, 4]) peer.sendEvent(id)
          peer.notify('share/closed', { threadId })
        }
      })
      return { head: 4, turn: null }
    })
    expect(await followAll({ after: 0 })).to.deep.equal(['attached', 1, 2, 3, 'attached', 4, 'closed'])
    expect(subscriptions()).to.deep.equal([
      { threadId, after: 0 },
      { threadId, after: 3 },
    ])
  })

  it('means by "now" the moment of the first connection, also when it breaks before the first event', async () => {
    daemon.on('share/subscribe', ({ after }, peer) => {
      setImmediate(() => (after === undefined ? daemon.cut() : peer.notify('share/closed', { threadId })))
      return { head: 41, turn: null }
    })
    expect(await followAll()).to.deep.equal(['attached', 'attached', 'closed'])
    expect(subscriptions()).to.deep.equal([{ threadId }, { threadId, after: 41 }])
  })

  it('keeps to the time it was told until the first event has come', async () => {
    daemon.on('share/subscribe', (_params, peer) => {
      const first = subscriptions().length === 1
      setImmediate(() => (first ? daemon.cut() : peer.notify('share/closed', { threadId })))
      return { head: 41, turn: null }
    })
    await followAll({ from: { atMs: 1000 } })
    expect(subscriptions()).to.deep.equal([
      { threadId, from: { atMs: 1000 } },
      { threadId, from: { atMs: 1000 } },
    ])
  })

  it('passes a gap on and does not ask for what is gone again', async () => {
    daemon.on('share/subscribe', ({ after }, peer) => {
      setImmediate(() => {
        if (after !== 0) return peer.notify('share/closed', { threadId })
        peer.notify('share/gap', { threadId, from: 1, to: 9, reason: 'pruned' })
        return setImmediate(() => daemon.cut())
      })
      return { head: 9, turn: null }
    })
    expect(await followAll({ after: 0 })).to.deep.equal(['attached', 'gap', 'attached', 'closed'])
    expect(subscriptions()[1]).to.deep.equal({ threadId, after: 9 })
  })

  it('takes no notice of other threads, of presence, and of what it does not know', async () => {
    daemon.on('share/subscribe', (_params, peer) => {
      setImmediate(() => {
        peer.sendEvent(1, { threadId: 'thread-2' })
        peer.notify('share/gap', { threadId: 'thread-2', from: 1, to: 9, reason: 'pruned' })
        peer.notify('share/gap', { threadId, from: 'one' })
        peer.notify('share/peer', { threadId, change: 'joined' })
        peer.notify('share/closed', { threadId: 'thread-2' })
        peer.notify('share/closed', { threadId })
      })
      return { head: 0, turn: null }
    })
    expect(await followAll({ after: 0 })).to.deep.equal(['attached', 'closed'])
  })

  it('ends with the reason when it is aborted, and tells the daemon', async () => {
    const abort = new AbortController()
    const link = daemon.link()
    const follow = async () => {
      for await (const _entries of followThread({ link, threadId, signal: abort.signal }))
        abort.abort(new ShareError('timedOut', 'long enough'))
    }
    expect((await errorOf(follow())).message).to.equal('long enough')
    await eventually('the daemon is told', () => daemon.asked.some(({ method }) => method === 'share/unsubscribe'))
  })

  it('tries a new connection when there was no answer in time, as after a suspend', async () => {
    daemon.on('share/subscribe', (_params, peer) => {
      if (subscriptions().length === 1) throw new ShareError('timedOut', 'no answer')
      setImmediate(() => peer.notify('share/closed', { threadId }))
      return { head: 7, turn: null }
    })
    expect(await followAll({ after: 2 })).to.deep.equal(['attached', 'closed'])
    expect([subscriptions().length, daemon.connections]).to.deep.equal([2, 2])
  })

  it("ends with the daemon's own refusal", async () => {
    daemon.on('share/subscribe', () => {
      throw new ShareError('notFound', 'no such event')
    })
    expect((await errorOf(followAll())).errorName).to.equal('notFound')
  })

  it('makes the daemon wait while its reader is slow, and then gets everything', async () => {
    const big = { params: { text: 'x'.repeat(64 * 1024) } }
    const count = 120
    let sentAll = false
    daemon.on('share/subscribe', (_params, peer) => {
      setImmediate(() => {
        for (let id = 1; id <= count; id += 1) peer.sendEvent(id, big)
        peer.notify('share/closed', { threadId })
        sentAll = true
      })
      return { head: count, turn: null }
    })
    const follow = followThread({ link: daemon.link(), threadId, after: 0 })
    await follow.next()
    await eventually('the daemon has written', () => sentAll)
    const sizes: number[] = []
    const ids: number[] = []
    for await (const entries of follow) {
      const events = entries.flatMap((entry) => (entry.kind === 'event' ? [entry] : []))
      ids.push(...events.map(({ id }) => id))
      sizes.push(events.reduce((sum, { length }) => sum + length, 0))
      // Time for everything to come in that would: more than a mebibyte must not.
      for (let turns = 0; turns < 20; turns += 1) await nextLoop()
    }
    expect(ids).to.deep.equal(Array.from({ length: count }, (_, index) => index + 1))
    expect(Math.max(...sizes)).to.be.below(2 * 1024 * 1024)
  })
})
