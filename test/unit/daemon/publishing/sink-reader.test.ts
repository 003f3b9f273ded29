/** One sink that is brought up to the head of its threads, page by page. */
import { setImmediate as nextLoop } from 'node:timers/promises'
import { expect } from 'chai'
import type { EventSink } from '../../../../src/daemon/publishing/event-sink.ts'
import { SinkReader } from '../../../../src/daemon/publishing/sink-reader.ts'
import type { EventStore } from '../../../../src/ledger/event-store.ts'
import { unguarded } from '../../../../src/rpc/guard.ts'

/** Threads with so many events each, read two at a time; those up to the third of `old` are no longer kept. */
const heads: Readonly<Record<string, number>> = { a: 3, b: 2, old: 5 }

describe('The reader of a sink', () => {
  const seen: string[] = []
  let room: (() => void)[] = []
  const sink = {
    form: { before: '', after: '\n' },
    guard: unguarded,
    queuedBytes: 0,
    write: (lines: Uint8Array) => seen.push(Buffer.from(lines).toString()),
    gap: ({ threadId, from, to }) => seen.push(`${threadId} lost ${from}-${to}`),
    caughtUp: (threadId, id) => seen.push(`${threadId} at ${id}`),
    onceDrained: (callback) => room.push(callback),
  } satisfies EventSink & { queuedBytes: number }
  const events = {
    head: (threadId: string) => heads[threadId] ?? 0,
    gap: (threadId: string, id: number) =>
      threadId === 'old' && id < 3 ? { threadId, from: id + 1, to: 3, reason: 'pruned' } : null,
    lines: (threadId: string, id: number) => {
      const last = Math.min(id + 2, heads[threadId] ?? 0)
      return { bytes: Buffer.from(`${threadId} ${id + 1}-${last}`), last, count: last - id }
    },
  } as unknown as EventStore
  let reader: SinkReader

  beforeEach(() => {
    seen.length = 0
    room = []
    sink.queuedBytes = 0
    reader = new SinkReader(sink, events)
  })

  const turnsOfTheLoop = async () => {
    for (let turns = 0; turns < 10; turns += 1) await nextLoop()
  }

  it('reads threads in turn, a page each, and says when it has all of one', async () => {
    const cursors = [reader.readFrom('a', 0), reader.readFrom('b', 0)]
    expect(seen, 'never at once').to.deep.equal([])
    await turnsOfTheLoop()
    expect(seen).to.deep.equal(['a 1-2', 'b 1-2', 'a 3-3', 'b at 2', 'a at 3'])
    expect(cursors.map(({ id, live }) => [id, live])).to.deep.equal([
      [3, true],
      [2, true],
    ])
  })

  it('says what is lost, and reads on behind it', async () => {
    reader.readFrom('old', 0)
    await turnsOfTheLoop()
    expect(seen).to.deep.equal(['old lost 1-3', 'old 4-5', 'old at 5'])
  })

  it('waits for room, once for all that is behind, and says nothing of a head that was reached before', async () => {
    const [live, other] = [reader.startLive('a', 1), reader.startLive('b', 1)]
    reader.fallBehind(live)
    reader.fallBehind(other)
    await turnsOfTheLoop()
    expect([seen, room.length]).to.deep.equal([[], 1])
    for (const callback of room) callback()
    await turnsOfTheLoop()
    expect([seen, live.live, other.live]).to.deep.equal([['a 2-3', 'b 2-2'], true, true])
  })

  it('is asked for room where much is queued already', async () => {
    sink.queuedBytes = 1_000_000
    reader.readFrom('a', 0)
    await turnsOfTheLoop()
    expect([seen, room.length]).to.deep.equal([[], 1])
  })

  it('gives nothing more once it has ended', async () => {
    reader.readFrom('a', 0)
    reader.end()
    await turnsOfTheLoop()
    expect(seen).to.deep.equal([])
  })
})
