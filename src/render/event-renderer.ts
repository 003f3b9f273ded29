/** The interface of everything that makes text of a thread's events, one after the other. */
import type { Gap, ShareEvent } from '../protocol/events.ts'

/** A renderer keeps what it needs to know between events; each call gives the text to write next. */
export interface EventRenderer {
  renderEvent(event: ShareEvent): string
  renderGap(gap: Gap): string
  /** Ends what is still open. */
  finish(): string
}
