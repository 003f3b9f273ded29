/** A page of events as one JSON document, for `share get --json`. */
import type { Gap, ShareEvent } from '../protocol/events.ts'
import { safeJson } from '../protocol/text/safe-json.ts'
import type { EventRenderer } from './event-renderer.ts'

export interface PageFacts {
  readonly threadId: string
  /** To pass as `--after` for more; null at the thread's newest event. */
  readonly next: number | null
}

/** All of it comes with `finish`. */
export function createJsonDocument({ threadId, next }: PageFacts): EventRenderer {
  const events: ShareEvent[] = []
  let missing: Gap | undefined
  return {
    renderEvent: (event) => {
      events.push(event)
      return ''
    },
    renderGap: (gap) => {
      missing = gap
      return ''
    },
    finish: () => `${safeJson({ threadId, events, next, ...(missing && { gap: missing }) })}\n`,
  }
}
