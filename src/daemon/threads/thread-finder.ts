/** Finds the thread that people mean by an id, the beginning of one, a name, or `last`. */

import type { Thread } from '../../codex/decoding/upstream-types.ts'
import type { AppServerLink } from '../../codex/link/app-server-link.ts'
import { everySource } from '../../codex/threads/every-source.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { ThreadRow } from '../../ledger/thread-store.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { PrivateThreads } from '../adoption/private-threads.ts'
import type { CodexGateway } from '../codex-link/codex-gateway.ts'

export interface ThreadFinderDeps {
  readonly ledger: Pick<Ledger, 'threads'>
  readonly gateway: Pick<CodexGateway, 'link'>
  readonly privateThreads: Pick<PrivateThreads, 'list'>
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export class ThreadFinder {
  private readonly deps: ThreadFinderDeps

  constructor(deps: ThreadFinderDeps) {
    this.deps = deps
  }

  /** Whether the thread is open for sharing. */
  isShared(threadId: string): boolean {
    return this.deps.ledger.threads.get(threadId)?.closedMs === null
  }

  /**
   * Which of the shared threads is meant.
   *
   * @throws ShareError `usage` when several are, with `facts.candidates`
   */
  findShared(reference: string): string | undefined {
    return meantBy(reference, this.deps.ledger.threads.listOpen())
  }

  /**
   * Which of those that are not shared any more, where no shared one is meant.
   *
   * @throws as `findShared`
   */
  findStopped(reference: string): string | undefined {
    return this.findShared(reference) ? undefined : meantBy(reference, this.deps.ledger.threads.listStopped())
  }

  /**
   * Which of the shared threads is meant, or, where `inCodex`, of all that Codex has stored.
   *
   * @throws as `findShared`; ShareError `notFound`; `unavailable` when Codex cannot be asked
   */
  async find(reference: string, inCodex: boolean): Promise<string> {
    if (uuid.test(reference)) {
      const threadId = reference.toLowerCase()
      if (inCodex || this.isShared(threadId)) return threadId
      throw new ShareError('notFound', `thread ${threadId} is not shared`)
    }
    const shared = this.findShared(reference)
    if (shared) return shared
    if (reference === 'last')
      throw new ShareError('notFound', 'no thread is shared', { hint: 'Share one with `codex-share start`.' })
    if (!inCodex) throw new ShareError('notFound', `no shared thread has the id or name ${JSON.stringify(reference)}`)
    const stored = (await this.stored(reference)).map(({ id, name }) => ({ threadId: id, name }))
    // Codex does not list one in which nothing was said.
    const open = this.deps.privateThreads.list().map(({ threadId, facts: { name } }) => ({ threadId, name }))
    const found = onlyOne(reference, [...stored, ...open])
    if (!found) throw new ShareError('notFound', `no thread has the id or name ${JSON.stringify(reference)}`)
    return found
  }

  /** The newest threads that Codex has stored. A name may be searched for; an id cannot. */
  private async stored(reference: string): Promise<Thread[]> {
    const link = await this.deps.gateway.link()
    const list = (more: { searchTerm?: string }) => listThreads(link, more)
    const byName = await list({ searchTerm: reference })
    return /^[0-9a-f-]{4,}$/i.test(reference) ? [...byName, ...(await list({}))] : byName
  }
}

async function listThreads(link: AppServerLink, more: { readonly searchTerm?: string }): Promise<Thread[]> {
  const params = { limit: 100, modelProviders: [], sourceKinds: [...everySource], sortKey: 'updated_at' as const }
  return (await link.request('thread/list', { ...params, ...more })).data
}

/** @param threads the last used first */
function meantBy(reference: string, threads: readonly ThreadRow[]): string | undefined {
  return reference === 'last' ? threads[0]?.threadId : onlyOne(reference, threads)
}

/** A name may look like the beginning of an id: where a thread has that very name, it is the one. */
function onlyOne(reference: string, threads: readonly Pick<ThreadRow, 'threadId' | 'name'>[]): string | undefined {
  const prefix = reference.toLowerCase()
  const named = threads.filter(({ name }) => name === reference)
  const begun = threads.filter(({ threadId }) => prefix.length >= 4 && threadId.startsWith(prefix))
  const candidates = [...new Set((named.length > 0 ? named : begun).map(({ threadId }) => threadId))]
  if (candidates.length <= 1) return candidates[0]
  const message = `${JSON.stringify(reference)} may be any of ${candidates.length} threads: ${candidates.join(', ')}`
  throw new ShareError('usage', message, {
    facts: { candidates },
    hint: 'Give the whole id of the one that is meant.',
  })
}
