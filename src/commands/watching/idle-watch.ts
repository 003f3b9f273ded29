/** Tells when a followed thread has nothing more to show for now: all is replayed and no turn runs. */
import type { FollowEntry } from '../../client/following/inbox.ts'

export class IdleWatch {
  private head = Number.POSITIVE_INFINITY
  private caughtUp = false
  private running = true

  /** Whether the thread is idle behind these entries. */
  isIdleAfter(entries: readonly FollowEntry[]): boolean {
    for (const entry of entries) {
      if (entry.kind === 'attached') {
        this.running = entry.turn !== null
        this.head = entry.head
      } else if (entry.kind === 'caughtUp') this.caughtUp = true
      // Older events are of turns that `attached` has accounted for.
      else if (entry.kind === 'event' && entry.id > this.head) this.observe(entry.parse().method)
    }
    return this.caughtUp && !this.running
  }

  private observe(method: string): void {
    if (method === 'turn/started') this.running = true
    if (method === 'turn/completed') this.running = false
  }
}
