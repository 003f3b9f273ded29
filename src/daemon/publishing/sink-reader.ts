/** Brings one sink up to the head of its threads from the ledger, no faster than it takes what it is given. */
import type { EventStore } from '../../ledger/event-store.ts'
import type { EventSink } from './event-sink.ts'

/** Where a sink is in one thread. */
export interface Cursor {
  readonly reader: SinkReader
  readonly threadId: string
  /** Id of the last event that the sink was given. */
  id: number
  /** At the head: gets what is new as it comes. */
  live: boolean
  /** The sink is to be told when it gets there. */
  announceHead: boolean
}

/** Bytes of the ledger that are read at a time. */
const pageBytes = 256 * 1024

export class SinkReader {
  readonly sink: EventSink
  private readonly events: EventStore
  /** Those that are not at the head. They take turns, a page each: the sink is asked for room once for all of them. */
  private readonly behind = new Set<Cursor>()
  private isReading = false
  private ended = false

  constructor(sink: EventSink, events: EventStore) {
    this.sink = sink
    this.events = events
  }

  /** Begins with the event behind `id`, and tells the sink when it has all. */
  readFrom(threadId: string, id: number): Cursor {
    const cursor: Cursor = { reader: this, threadId, id, live: false, announceHead: true }
    this.behind.add(cursor)
    if (!this.isReading) this.readSoon()
    return cursor
  }

  /** Begins at the head, where the next event is the one behind `id`. */
  startLive(threadId: string, id: number): Cursor {
    return { reader: this, threadId, id, live: true, announceHead: false }
  }

  /** The sink has too much already: it reads on from here once it has room. */
  fallBehind(cursor: Cursor): void {
    cursor.live = false
    this.behind.add(cursor)
    if (this.isReading) return
    this.isReading = true
    this.sink.onceDrained(() => this.readPage())
  }

  /** Nothing more is given to the sink. */
  end(): void {
    this.ended = true
  }

  private readSoon(): void {
    this.isReading = true
    const { sink } = this
    if (sink.queuedBytes > pageBytes) sink.onceDrained(() => this.readPage())
    else setImmediate(() => sink.guard.run(() => this.readPage()))
  }

  private readPage(): void {
    const [cursor] = this.behind
    if (this.ended || !cursor) return
    this.behind.delete(cursor)
    this.tellGap(cursor)
    const { bytes, last, count } = this.events.lines(cursor.threadId, cursor.id, pageBytes, this.sink.form)
    if (count > 0) {
      this.sink.write(bytes)
      cursor.id = last
      this.behind.add(cursor)
    } else this.arrive(cursor)
    if (this.behind.size > 0) this.readSoon()
    else this.isReading = false
  }

  private arrive(cursor: Cursor): void {
    cursor.live = true
    if (!cursor.announceHead) return
    cursor.announceHead = false
    this.sink.caughtUp(cursor.threadId, this.events.head(cursor.threadId))
  }

  private tellGap(cursor: Cursor): void {
    const gap = this.events.gap(cursor.threadId, cursor.id)
    if (!gap) return
    this.sink.gap(gap)
    cursor.id = gap.to
  }
}
