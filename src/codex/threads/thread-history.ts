/** Reads the stored turns of a thread, page by page. */

import type { Turn, UpstreamParams } from '../decoding/upstream-types.ts'
import type { AppServerLink } from '../link/app-server-link.ts'
import type { CallOptions } from '../link/upstream-channel.ts'
import { threadTrouble } from '../link/upstream-quirks.ts'
import { type RootTurn, rootTurns } from './root-turns.ts'
import { ownTurn } from './sub-agents.ts'

/** Small, as a page holds every item whole and a turn may have hundreds: a page must stay far under the limit of a frame. */
const turnsPerPage = 10

/**
 * All turns of a thread with all their items, oldest first; the thread need not be loaded. A running turn comes with the items so
 * far, and with status `inProgress`; one that its app-server did not survive has `interrupted`.
 *
 * A thread that was started and in which nothing was said yet has none.
 *
 * @throws UpstreamError for a thread that is unknown (see `threadTrouble`), or what a call throws
 */
export function turnsOfThread(link: AppServerLink, threadId: string, options?: CallOptions): AsyncGenerator<RootTurn> {
  return rootTurns(pageThrough(link, { threadId, sortDirection: 'asc' }, options), 'asc')
}

/**
 * The newest turns of a thread, oldest first: back to the newest one that `isKnown` says is known already, that one included.
 *
 * @throws as `turnsOfThread`
 */
export async function turnsSince(
  link: AppServerLink,
  threadId: string,
  isKnown: (turn: RootTurn) => boolean,
  { ofSubAgent = false, ...options }: CallOptions & { readonly ofSubAgent?: boolean } = {},
): Promise<RootTurn[]> {
  const newestFirst: RootTurn[] = []
  const stored = pageThrough(link, { threadId, sortDirection: 'desc' }, options)
  for await (const turn of ofSubAgent ? ownTurns(stored) : rootTurns(stored, 'desc')) {
    newestFirst.push(turn)
    if (isKnown(turn)) break
  }
  return newestFirst.reverse()
}

async function* ownTurns(turns: AsyncIterable<Turn>): AsyncGenerator<Turn> {
  for await (const turn of turns) yield ownTurn(turn)
}

async function* pageThrough(
  link: AppServerLink,
  query: { readonly threadId: string; readonly sortDirection: 'asc' | 'desc' },
  options?: CallOptions,
): AsyncGenerator<Turn> {
  let cursor: string | null = null
  do {
    const page = await turnsPage(link, { ...query, cursor, limit: turnsPerPage, itemsView: 'full' }, options)
    yield* page.data
    cursor = page.nextCursor
  } while (cursor !== null)
}

async function turnsPage(link: AppServerLink, query: UpstreamParams<'thread/turns/list'>, options?: CallOptions) {
  try {
    return await link.request('thread/turns/list', query, options)
  } catch (error) {
    if (threadTrouble(error)?.kind === 'notMaterialized') return { data: [], nextCursor: null }
    throw error
  }
}
