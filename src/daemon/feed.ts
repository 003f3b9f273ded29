/** Hands recorded events to the peers that follow a thread. Each follower is a cursor over the ledger. */

import type { EventStore } from '../ledger/event-store.ts'
import { type EventText, eventLine } from '../ledger/event-text.ts'
import type { Channel } from '../rpc/channel.ts'
import { notificationText } from '../rpc/json-rpc.ts'

interface Follower {
  readonly channel: Channel
  readonly threadId: string
  /** Id of the last event that was handed to the channel. */
  cursor: number
  /** At the head: gets what is published as it comes. Otherwise it is reading on from the ledger. */
  live: boolean
  /** The replay that was asked for has not reached the head yet. */
  announceHead: boolean
  readonly onHead: () => void
  ended: boolean
}

export interface FollowHandle {
  /** Ends the following; nothing more is sent. */
  end(): void
}

/** Bytes of the ledger that a reader behind is given at a time. */
const replayBytes = 256 * 1024

export class Feed {
  private readonly events: EventStore
  /** A reader with more than this waiting is behind, and reads on from the ledger when there is room. */
  private readonly maxQueuedBytes: number
  private readonly followers = new Map<string, Set<Follower>>()

  constructor(events: EventStore, maxQueuedBytes: number) {
    this.events = events
    this.maxQueuedBytes = maxQueuedBytes
  }

  /**
   * Replays what is behind the cursor, then goes on live, without gap or duplicate between the two. `onHead` is called once, when the
   * replay has reached the head and the follower was told so.
   */
  follow(channel: Channel, threadId: string, cursor: number, onHead = () => {}): FollowHandle {
    const follower: Follower = { channel, threadId, cursor, live: false, announceHead: true, onHead, ended: false }
    const all = this.followers.get(threadId) ?? new Set()
    this.followers.set(threadId, all.add(follower))
    setImmediate(() => channel.guard.run(() => this.catchUp(follower)))
    return {
      end: () => {
        follower.ended = true
        all.delete(follower)
        if (all.size === 0 && this.followers.get(threadId) === all) this.followers.delete(threadId)
      },
    }
  }

  /** Sends events that are safely recorded to all that are at the head: one buffer, made once. */
  publish(threadId: string, events: readonly EventText[]): void {
    const all = this.followers.get(threadId)
    const last = events.at(-1)
    if (!all || !last) return
    let bytes: Buffer | undefined
    for (const follower of all) {
      if (!follower.live) continue
      if (follower.channel.queuedBytes > this.maxQueuedBytes / 2) this.fallBehind(follower)
      else {
        bytes ??= Buffer.from(events.map(({ json }) => eventLine(json)).join(''))
        push(follower, bytes, last.id)
      }
    }
  }

  /** How many follow the thread. */
  count(threadId: string): number {
    return this.followers.get(threadId)?.size ?? 0
  }

  private fallBehind(follower: Follower): void {
    follower.live = false
    follower.channel.onceDrained(() => this.catchUp(follower))
  }

  private catchUp(follower: Follower): void {
    if (follower.ended) return
    const { channel, threadId } = follower
    this.tellGap(follower)
    const { bytes, last, count } = this.events.lines(threadId, follower.cursor, replayBytes)
    if (count > 0) {
      channel.sendLines(bytes)
      follower.cursor = last
      if (channel.queuedBytes > replayBytes) channel.onceDrained(() => this.catchUp(follower))
      else setImmediate(() => channel.guard.run(() => this.catchUp(follower)))
      return
    }
    follower.live = true
    if (!follower.announceHead) return
    follower.announceHead = false
    channel.send(notificationText('share/caughtUp', { threadId, id: this.events.head(threadId) }))
    follower.onHead()
  }

  private tellGap(follower: Follower): void {
    const gap = this.events.gap(follower.threadId, follower.cursor)
    if (!gap) return
    follower.channel.send(notificationText('share/gap', gap))
    follower.cursor = gap.to
  }
}

/** Writes to one of many: where that fails, the others have theirs all the same. */
function push(follower: Follower, lines: Buffer, last: number): void {
  const { channel } = follower
  channel.guard.run(() => channel.sendLines(lines))
  follower.cursor = last
}
