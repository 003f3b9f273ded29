/** Where the feed sends the events of threads: a connection, or anything else that takes bytes. */
import type { LineForm } from '../../ledger/event-text.ts'
import type { Gap } from '../../protocol/events.ts'
import type { Guard } from '../../rpc/guard.ts'

export interface EventSink {
  /** How events are written for it. Sinks with the very same form share the bytes of what is new. */
  readonly form: LineForm
  /** Runs what is done for it later, or among others: what is thrown then concerns this sink alone. */
  readonly guard: Guard
  /**
   * Takes events of one thread, in order of their ids and each once, as whole lines of its form. Others may have the same bytes: they are
   * not to be changed.
   */
  write(lines: Uint8Array): void
  /** Takes that events behind its place in the thread are no longer kept; the next lines are from behind the gap. */
  gap(gap: Gap): void
  /** Takes that it has all up to `id`, the newest of the thread, and that what follows comes as it happens. */
  caughtUp(threadId: string, id: number): void
  /** Bytes that it has taken and not passed on yet. With many of them it gets nothing new, and reads on from the ledger later. */
  readonly queuedBytes: number
  /** Calls back once, by its guard and never at once, when it has room. */
  onceDrained(callback: () => void): void
}
