/** Reads back any number of events of a thread, page by page. */
import type { Gap, ShareEvent, StartingPoint } from '../../protocol/events.ts'
import type { DaemonClient } from '../connection/daemon-client.ts'

export interface ReadEventsOptions {
  readonly client: DaemonClient
  readonly threadId: string
  readonly after?: number | undefined
  readonly from?: StartingPoint | undefined
  /** Only events with smaller ids. */
  readonly before?: number | undefined
  /** Most events wanted. Without `after` and `from` they are the newest. */
  readonly limit: number
  readonly signal?: AbortSignal | undefined
}

export interface EventPage {
  readonly events: readonly ShareEvent[]
  /** To pass as `after` for more; null at the thread's newest event. */
  readonly next: number | null
  readonly gap: Gap | null
}

/** As many as the daemon gives at once. */
const pageSize = 5000

/** @throws ShareError `notFound` for a thread that is not shared or an id the thread has not reached */
export function readEvents(options: ReadEventsOptions): Promise<EventPage> {
  const { after, from, before } = options
  return after === undefined && from === undefined ? readNewest(options) : readOn(options, { after, from, before })
}

interface Window {
  readonly after?: number | undefined
  readonly from?: StartingPoint | undefined
  readonly before?: number | undefined
}

/** Oldest first, from a place on. A page may be shorter than asked for, so only `next` says that there is no more. */
async function readOn({ client, threadId, limit, signal }: ReadEventsOptions, window: Window): Promise<EventPage> {
  const events: ShareEvent[] = []
  let gap: Gap | null = null
  let start: Window = window
  for (;;) {
    const page = await client.call(
      'share/events',
      { threadId, ...start, limit: Math.min(limit - events.length, pageSize) },
      signal ? { signal } : {},
    )
    events.push(...page.events)
    gap ??= page.gap
    const isAll = page.next === null || page.events.length === 0 || events.length >= limit
    if (isAll || page.next === null) return { events, next: page.next, gap }
    start = { after: page.next, before: window.before }
  }
}

/** The newest, found from the end backwards. */
async function readNewest(options: ReadEventsOptions): Promise<EventPage> {
  const pages: (readonly ShareEvent[])[] = []
  let left = options.limit
  let next: number | null = null
  for (let { before } = options; left > 0; ) {
    const page: EventPage = await readOn({ ...options, limit: Math.min(left, pageSize) }, { before })
    const [first] = page.events
    if (before === options.before) next = page.next
    if (!first) break
    pages.unshift(page.events)
    left -= page.events.length
    before = first.id
  }
  return { events: pages.flat(), next, gap: null }
}
