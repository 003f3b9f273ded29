/** What sinks are given of threads: everything once, in order, and no faster than they take it. */
import { join } from 'node:path'
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { expect } from 'chai'
import { ChannelSink } from '../../../../src/daemon/daemon-socket/channel-sink.ts'
import type { EventSink } from '../../../../src/daemon/publishing/event-sink.ts'
import { Feed } from '../../../../src/daemon/publishing/feed.ts'
import type { LineForm, NewEvent } from '../../../../src/ledger/event-text.ts'
import { type Ledger, openLedger } from '../../../../src/ledger/ledger.ts'
import type { Gap } from '../../../../src/protocol/events.ts'
import { channelPair } from '../../../../src/rpc/channel.ts'
import { unguarded } from '../../../../src/rpc/guard.ts'
import { prune } from '../../../support/prune.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

const bareLines: LineForm = { before: '', after: '\n' }

/** Keeps what it is given, and has room again when it is emptied. */
class MemorySink implements EventSink {
  readonly guard = unguarded
  readonly form: LineForm
  readonly writes: Uint8Array[] = []
  /** `a3` for event 3 of thread a, `a 1-3 pruned` for a gap, `a at 3` once all is there. */
  readonly seen: string[] = []
  queuedBytes = 0
  /** With this it empties itself, as a reader that keeps up. */
  keepsUp = true
  private readonly waiting: (() => void)[] = []

  constructor(form = bareLines) {
    this.form = form
  }

  write(lines: Uint8Array): void {
    this.writes.push(lines)
    if (!this.keepsUp) this.queuedBytes += lines.length
    for (const [, id, thread] of Buffer.from(lines)
      .toString('utf8')
      .matchAll(/\{"id":(\d+),"threadId":"(\w+)"/g))
      this.seen.push(`${thread}${id}`)
  }

  gap({ threadId, from, to, reason }: Gap): void {
    this.seen.push(`${threadId} ${from}-${to} ${reason}`)
  }

  caughtUp(threadId: string, id: number): void {
    this.seen.push(`${threadId} at ${id}`)
  }

  onceDrained(callback: () => void): void {
    this.waiting.push(callback)
  }

  get isWaitedFor(): boolean {
    return this.waiting.length > 0
  }

  drain(): void {
    this.queuedBytes = 0
    for (const callback of this.waiting.splice(0)) callback()
  }
}

describe('The feed', () => {
  let scratch: Scratch
  let ledger: Ledger
  let feed: Feed

  beforeEach(() => {
    scratch = makeScratch()
    ledger = openLedger(join(scratch.dir, 'ledger.db'))
    feed = new Feed(ledger.events, 1_000_000)
    open('a')
    open('b')
  })
  afterEach(() => {
    ledger.close()
    scratch.remove()
  })

  function open(threadId: string): void {
    ledger.threads.open(threadId, { name: null, cwd: '/', preview: null })
  }

  /** Records events of so many bytes each, and publishes them. */
  function publish(threadId: string, count = 1, bytes = 10): void {
    const event: NewEvent = {
      threadId,
      turnId: null,
      atMs: 1000,
      method: 'warning',
      params: { message: 'x'.repeat(bytes) },
      itemId: null,
      by: null,
    }
    feed.publish(threadId, ledger.events.append(Array.from({ length: count }, () => event)))
  }

  const isAtHead = (sink: MemorySink, ...ends: string[]) =>
    eventually('the sink is at the head', () => ends.every((end) => sink.seen.includes(end)))

  describe('of one thread', () => {
    it('replays what is behind the cursor and goes on with what comes, also with what came meanwhile', async () => {
      publish('a', 3)
      const sink = new MemorySink()
      feed.follow(sink, 'a', 1)
      publish('a', 2)
      await isAtHead(sink, 'a at 5')
      publish('a')
      publish('b')
      expect(sink.seen).to.deep.equal(['a2', 'a3', 'a4', 'a5', 'a at 5', 'a6'])
    })

    it('says what is no longer kept', async () => {
      publish('a', 2)
      prune(ledger.retention, { days: 0, megabytes: 1e-9 }, 10)
      const sink = new MemorySink()
      feed.follow(sink, 'a', 0)
      await isAtHead(sink, 'a at 2')
      publish('a')
      expect(sink.seen).to.deep.equal(['a 1-2 pruned', 'a at 2', 'a3'])
    })

    it('gives a sink that is full nothing more until it has room, and then all of it', async () => {
      const sink = new MemorySink()
      feed.follow(sink, 'a', 0)
      await isAtHead(sink, 'a at 0')
      sink.keepsUp = false
      publish('a', 1, 600_000)
      publish('a')
      publish('a')
      expect([sink.seen, sink.isWaitedFor]).to.deep.equal([['a at 0', 'a1'], true])
      sink.keepsUp = true
      sink.drain()
      publish('a')
      await isAtHead(sink, 'a4')
      expect(sink.seen).to.deep.equal(['a at 0', 'a1', 'a2', 'a3', 'a4'])
    })

    it('gives nothing more once it is ended', async () => {
      const sinks = [new MemorySink(), new MemorySink()] as const
      const [first] = sinks.map((sink) => feed.follow(sink, 'a', 0))
      await isAtHead(sinks[0], 'a at 0')
      expect(feed.count('a')).to.equal(2)
      first?.end()
      publish('a')
      expect([sinks.map(({ seen }) => seen), feed.count('a')]).to.deep.equal([[['a at 0'], ['a at 0', 'a1']], 1])
    })

    it('ended while it reads on, gives nothing more either', async () => {
      publish('a', 3)
      const sink = new MemorySink()
      feed.follow(sink, 'a', 0).end()
      await turnOfTheLoop()
      expect(sink.seen).to.deep.equal([])
    })

    it('makes the bytes of what is new once for all sinks of a form', async () => {
      const sinks = [new MemorySink(), new MemorySink(), new MemorySink({ before: '<', after: '>\n' })] as const
      for (const sink of sinks) feed.follow(sink, 'a', 0)
      await isAtHead(sinks[2], 'a at 0')
      publish('a', 2)
      const [[one], [two], [other]] = [sinks[0].writes, sinks[1].writes, sinks[2].writes]
      expect(one === two).to.equal(true)
      const lines = Buffer.from(one ?? []).toString('utf8')
      expect(Buffer.from(other ?? []).toString('utf8')).to.equal(lines.replaceAll(/.+/g, (line) => `<${line}>`))
    })
  })

  describe('of all threads', () => {
    it('begins with what comes next, also in threads that are opened later', async () => {
      publish('a', 2)
      const sink = new MemorySink()
      feed.followAll(sink)
      await turnOfTheLoop()
      publish('b')
      publish('a', 2)
      open('c')
      publish('c')
      publish('a')
      expect(sink.seen).to.deep.equal(['b1', 'a3', 'a4', 'c1', 'a5'])
      expect(feed.count('a')).to.equal(0)
    })

    it('has the first event of a thread also where it was full when that came', async () => {
      const sink = new MemorySink()
      feed.followAll(sink)
      sink.queuedBytes = 600_000
      publish('a', 2)
      expect(sink.seen).to.deep.equal([])
      sink.drain()
      await isAtHead(sink, 'a2')
      expect(sink.seen).to.deep.equal(['a1', 'a2'])
    })

    it('begins in each thread where it was, and where it was not with what comes next', async () => {
      publish('a', 3)
      publish('b', 2)
      open('c')
      publish('c')
      const sink = new MemorySink()
      feed.followAll(sink, new Map(Object.entries({ a: 1, b: 2 })))
      publish('a')
      await isAtHead(sink, 'a at 4', 'b at 2')
      publish('c')
      publish('b')
      expect(sink.seen.filter((what) => what.startsWith('a'))).to.deep.equal(['a2', 'a3', 'a4', 'a at 4'])
      expect(sink.seen.filter((what) => !what.startsWith('a'))).to.deep.equal(['b at 2', 'c2', 'b3'])
    })

    it('reads on in all that it is behind in without filling the sink up, a page each in turn', async () => {
      const threads = ['c', 'd', 'e', 'f', 'g', 'h']
      for (const thread of threads) {
        open(thread)
        publish(thread, 6, 100_000)
      }
      const sink = new MemorySink()
      sink.keepsUp = false
      feed.followAll(sink, new Map(threads.map((thread) => [thread, 0])))
      let most = 0
      for (let end = false; !end; end = threads.every((thread) => sink.seen.includes(`${thread} at 6`))) {
        await eventually('it has a page, or all', () => sink.isWaitedFor || sink.seen.includes('h at 6'))
        most = Math.max(most, sink.queuedBytes)
        sink.drain()
      }
      expect(most).to.be.within(1, 700_000)
      for (const thread of threads) {
        const own = sink.seen.filter((what) => what.startsWith(thread))
        expect(own).to.deep.equal([1, 2, 3, 4, 5, 6].map((id) => `${thread}${id}`).concat(`${thread} at 6`))
      }
      expect(sink.seen.indexOf('h1')).to.be.lessThan(sink.seen.indexOf('c6'))
    })

    it('gives nothing more once it is ended', async () => {
      publish('a')
      const sink = new MemorySink()
      feed.followAll(sink, new Map([['a', 0]])).end()
      publish('b')
      await turnOfTheLoop()
      expect(sink.seen).to.deep.equal([])
    })
  })

  it('is JSON-RPC for a connection', async () => {
    publish('a')
    const [near, far] = channelPair()
    const frames: unknown[] = []
    far.onFrame((bytes, start, end) => frames.push(JSON.parse(bytes.toString('utf8', start, end))))
    feed.follow(new ChannelSink(near), 'a', 0)
    await eventually('it has all', () => frames.length === 2)
    const at = '1970-01-01T00:00:01.000Z'
    const params = { message: 'x'.repeat(10) }
    const event = { id: 1, threadId: 'a', turnId: null, at, method: 'warning', params, by: null }
    expect(frames).to.deep.equal([
      { jsonrpc: '2.0', method: 'share/event', params: event },
      { jsonrpc: '2.0', method: 'share/caughtUp', params: { threadId: 'a', id: 1 } },
    ])
  })
})
