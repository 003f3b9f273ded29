/** Threads that are open in the user's own Codex server: reached there, never taken from there. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AppServerLink } from '../../codex/link/app-server-link.ts'
import type { Supervisor } from '../../codex/supervision/app-server-supervisor.ts'
import { ThreadRouter } from '../../codex/supervision/thread-router.ts'
import { openUserCodexServer } from '../../codex/supervision/user-codex-server.ts'
import { programVersion } from '../../protocol/version.ts'
import type { DaemonCore } from '../core.ts'

export interface UserCodexServerDeps extends Pick<DaemonCore, 'approvals' | 'threadSync' | 'feed' | 'log'> {
  readonly supervisor: Supervisor
  /** Made after the routes, which it uses. */
  readonly directory: () => DaemonCore['directory']
}

/** How often it is looked for while it is away: an update of Codex restarts it within seconds. */
const [lookEveryMs, laterEveryMs, laterAfterMs] = [1000, 10_000, 120_000]

/** Its threads are followed like ours, and what it asks is answered there. */
export function createThreadRouter(deps: UserCodexServerDeps): ThreadRouter {
  const { log } = deps
  const router = new ThreadRouter({
    openOther: () => openServer(deps),
    onLost: (threadIds) => {
      // At once: what is asked for next is to be followed anew.
      for (const threadId of threadIds) deps.threadSync.detach(threadId, undefined)
      afterLoss(deps, router, threadIds).catch((error: unknown) => log.warn({ err: error }, 'not found again'))
    },
  })
  return router
}

async function openServer({
  supervisor,
  approvals,
  threadSync,
  log,
}: UserCodexServerDeps): Promise<AppServerLink | undefined> {
  const { info } = supervisor
  if (!info) return undefined
  const link = await openUserCodexServer(info.codexHome, {
    client: { name: 'codex-share', version: programVersion },
    onNotification: (notification) => threadSync.receive(notification),
    onRequest: (request) => approvals.onRequest(request, (id, result) => link?.respond(id, result)),
  }).catch((error: unknown) => {
    log.warn({ err: error }, "the user's own Codex server does not answer")
    return undefined
  })
  return link
}

/**
 * Follows its threads again where only the link ended; else records how the turns ended that it ran, and waits until it is back. They
 * are not opened in our server before somebody acts in them: the user's own UI, which is about to reconnect, would find them taken.
 */
async function afterLoss(deps: UserCodexServerDeps, router: ThreadRouter, threadIds: readonly string[]): Promise<void> {
  const { supervisor, approvals, threadSync, feed, log } = deps
  const isThere = await router.isThere()
  log.info({ threads: threadIds.length, isThere }, "the link to the user's own Codex server ended")
  for (const threadId of threadIds) {
    approvals.cancelAll(threadId)
    if (isThere) await follow(deps, threadId)
    else if (supervisor.link && router.isElsewhere(threadId)) await threadSync.closeAbandoned(threadId, supervisor.link)
  }
  if (isThere) return
  const laterAtMs = performance.now() + laterAfterMs
  while (router.threadsElsewhere.length > 0 && !(await router.isThere()))
    await delay(performance.now() < laterAtMs ? lookEveryMs : laterEveryMs, undefined, { ref: false })
  for (const threadId of router.threadsElsewhere) if (feed.count(threadId) > 0) await follow(deps, threadId)
}

async function follow({ directory, log }: UserCodexServerDeps, threadId: string): Promise<void> {
  await directory()
    .followAgain(threadId)
    .catch((error: unknown) => log.warn({ err: error, threadId }, 'thread not followed again'))
}
