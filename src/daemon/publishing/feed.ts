/** Hands recorded events to the sinks that follow a thread, or all of them: what is behind them from the ledger, then what is new. */
import type { EventStore } from '../../ledger/event-store.ts'
import { type EventText, eventLine, type LineForm } from '../../ledger/event-text.ts'
import type { EventSink } from './event-sink.ts'
import { type Cursor, SinkReader } from './sink-reader.ts'

export interface FollowHandle {
  /** Ends the following; nothing more is given to the sink. */
  end(): void
}

/** A sink that follows all threads, with its place in each that it has been given something of. */
interface FollowerOfAll {
  readonly reader: SinkReader
  readonly cursors: Map<string, Cursor>
}

export class Feed {
  private readonly events: EventStore
  /** A sink with more than half of this waiting is behind. */
  private readonly maxQueuedBytes: number
  private readonly followers = new Map<string, Set<Cursor>>()
  private readonly followersOfAll = new Set<FollowerOfAll>()

  constructor(events: EventStore, maxQueuedBytes: number) {
    this.events = events
    this.maxQueuedBytes = maxQueuedBytes
  }

  /** Replays what is behind the id, then goes on live, without gap or duplicate between the two. */
  follow(sink: EventSink, threadId: string, id: number): FollowHandle {
    const reader = new SinkReader(sink, this.events)
    const cursor = reader.readFrom(threadId, id)
    const all = this.followers.get(threadId) ?? new Set()
    this.followers.set(threadId, all.add(cursor))
    return {
      end: () => {
        reader.end()
        all.delete(cursor)
        if (all.size === 0 && this.followers.get(threadId) === all) this.followers.delete(threadId)
      },
    }
  }

  /**
   * Follows every thread that there is or will be: those in `ids`, which the ledger must have, from behind that id as `follow` does, and
   * every other from its next event on. Between threads there is no order.
   */
  followAll(sink: EventSink, ids: ReadonlyMap<string, number> = new Map()): FollowHandle {
    const reader = new SinkReader(sink, this.events)
    const cursors = new Map([...ids].map(([threadId, id]) => [threadId, reader.readFrom(threadId, id)]))
    const follower = { reader, cursors }
    this.followersOfAll.add(follower)
    return {
      end: () => {
        reader.end()
        this.followersOfAll.delete(follower)
      },
    }
  }

  /** Gives events that are safely recorded to all that are at the head: one buffer for each form, made once. */
  publish(threadId: string, events: readonly EventText[]): void {
    const [first] = events
    if (!first) return
    const news = new News(events)
    for (const cursor of this.followers.get(threadId) ?? []) this.give(cursor, news)
    for (const { reader, cursors } of this.followersOfAll) {
      const cursor = cursors.get(threadId) ?? reader.startLive(threadId, first.id - 1)
      cursors.set(threadId, cursor)
      this.give(cursor, news)
    }
  }

  /** How many follow this very thread; those that follow all are not counted. */
  count(threadId: string): number {
    return this.followers.get(threadId)?.size ?? 0
  }

  private give(cursor: Cursor, news: News): void {
    if (!cursor.live) return
    const { reader } = cursor
    const { sink } = reader
    if (sink.queuedBytes > this.maxQueuedBytes / 2) {
      reader.fallBehind(cursor)
      return
    }
    const lines = news.in(sink.form)
    // One of many: where that fails, the others have theirs all the same.
    sink.guard.run(() => sink.write(lines))
    cursor.id = news.lastId
  }
}

/** New events of a thread, written once in each form that is asked for. */
class News {
  readonly lastId: number
  private readonly events: readonly EventText[]
  private readonly lines = new Map<LineForm, Buffer>()

  constructor(events: readonly EventText[]) {
    this.events = events
    this.lastId = events.at(-1)?.id ?? 0
  }

  in(form: LineForm): Buffer {
    const made = this.lines.get(form)
    if (made) return made
    const lines = Buffer.from(this.events.map(({ json }) => eventLine(json, form)).join(''))
    this.lines.set(form, lines)
    return lines
  }
}
