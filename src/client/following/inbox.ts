/** What a followed thread has sent and nobody has taken yet; when that becomes much, the daemon is asked to hold it back. */

import type { Gap } from '../../protocol/events.ts'
import type { ActiveTurn } from '../../protocol/methods.ts'
import type { DaemonClient } from '../connection/daemon-client.ts'
import type { EventFrame } from '../connection/event-frames.ts'

/** One thing that following a thread brings. */
export type FollowEntry =
  /** A connection stands; called again after every break. `head` is the thread's newest id, `turn` what runs at this moment. */
  | { readonly kind: 'attached'; readonly head: number; readonly turn: ActiveTurn | null }
  | EventFrame
  | { readonly kind: 'gap'; readonly gap: Gap }
  /** The replay has reached the newest event; all that follows is live. */
  | { readonly kind: 'caughtUp'; readonly id: number }
  /** Why the daemon can record nothing at present, so that no event comes; null when it can again. */
  | { readonly kind: 'ledger'; readonly problem: string | null }
  /** Somebody ended the sharing; nothing follows. */
  | { readonly kind: 'closed' }

/** Past this many bytes the connection is not read any further until they are taken. */
const mostBytes = 1024 * 1024

export class Inbox {
  private readonly client: DaemonClient
  private entries: FollowEntry[] = []
  private bytes = 0
  private paused = false
  private ended = false
  private wake: (() => void) | undefined

  constructor(client: DaemonClient) {
    this.client = client
    client.onClose(() => this.end())
  }

  addEvent(frame: EventFrame): void {
    this.bytes += frame.length
    if (this.bytes > mostBytes && !this.paused) {
      this.paused = true
      this.client.pause()
    }
    this.add(frame)
  }

  add(entry: FollowEntry): void {
    this.entries.push(entry)
    this.wake?.()
  }

  /** Nothing more will come; what is there can still be taken. */
  end(): void {
    this.ended = true
    this.wake?.()
  }

  /** Everything that is there, in order, waiting for something to be there; undefined when it has ended. */
  async take(): Promise<FollowEntry[] | undefined> {
    if (this.entries.length === 0 && !this.ended) {
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
      this.wake = undefined
    }
    const taken = this.entries
    this.entries = []
    this.bytes = 0
    this.release()
    return taken.length > 0 ? taken : undefined
  }

  /** Reads on from the connection. */
  release(): void {
    if (!this.paused) return
    this.paused = false
    this.client.resume()
  }
}
