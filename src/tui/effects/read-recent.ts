/** Reads the part of a shared thread that is shown first: its newest screenfuls, and the beginning of whatever is still growing. */
import type { DaemonClient } from '../../client/connection/daemon-client.ts'
import { readEvents } from '../../client/following/read-events.ts'
import type { ShareEvent } from '../../protocol/events.ts'
import { isDelta } from '../../protocol/notifications.ts'

interface RecentEvents {
  /** Oldest first. */
  readonly events: readonly ShareEvent[]
  /** Whether there is nothing before them. */
  readonly isAll: boolean
}

/** Several screenfuls. A long thread opens fast because the rest is not read. */
const enough = 300
const perPage = 3000
/** Of what was missed, or of one answer that is still being written. */
const most = 30_000

/** Goes back behind what was `seen` last as well, unless that is very far. */
export async function readRecent(
  client: DaemonClient,
  threadId: string,
  seen: number | undefined,
  signal: AbortSignal,
): Promise<RecentEvents> {
  const pages: (readonly ShareEvent[])[] = []
  let before: number | undefined
  let lasting = 0
  for (let count = 0; ; ) {
    const limit = before === undefined ? enough : perPage
    const { events } = await readEvents({ client, threadId, limit, before, signal })
    const [first] = events
    pages.unshift(events)
    count += events.length
    // A growing answer has any number of pieces, and without its beginning nothing of it can be shown.
    lasting += events.filter(({ method }) => !isDelta(method)).length
    const isAll = first === undefined || first.id === 1 || events.length < limit
    const isEnough = lasting >= enough && (seen === undefined || (first?.id ?? 0) <= seen)
    if (isAll || isEnough || count >= most) return { events: pages.flat(), isAll }
    before = first?.id
  }
}
