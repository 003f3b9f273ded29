/** Threads that are open in the user's own Codex server: reached there, never taken from there. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AppServerLink } from '../codex/app-server-link.ts'
import type { Supervisor } from '../codex/app-server-supervisor.ts'
import { controlSocketPath, openOwnCodexServer } from '../codex/own-codex-server.ts'
import { ThreadRoutes } from '../codex/thread-routes.ts'
import { isListening } from '../codex/wait-until-listening.ts'
import { programVersion } from '../protocol/version.ts'
import type { DaemonCore } from './core.ts'

export interface UsersServerDeps extends Pick<DaemonCore, 'approvals' | 'keeper' | 'feed' | 'log'> {
  readonly supervisor: Supervisor
  /** Made after the routes, which it uses. */
  readonly finder: () => DaemonCore['finder']
}

/** How long it is looked out for after it has gone: an update of Codex restarts it within seconds. */
const lookOutMs = 120_000
const lookEveryMs = 1000

/** Its threads are followed like ours, and what it asks is answered there. */
export function usersServerRoutes(deps: UsersServerDeps): ThreadRoutes {
  const { supervisor, log } = deps
  const routes = new ThreadRoutes({
    openOther: () => openServer(deps),
    onLost: (threadIds) => {
      const own = supervisor.link
      log.info({ threads: threadIds.length }, "the user's own Codex server has gone")
      abandoned(deps, own, threadIds).catch((error: unknown) => log.warn({ err: error }, 'not found again'))
    },
  })
  return routes
}

async function openServer({ supervisor, approvals, keeper, log }: UsersServerDeps): Promise<AppServerLink | undefined> {
  const { info } = supervisor
  if (!info) return undefined
  const link = await openOwnCodexServer(info.codexHome, {
    client: { name: 'codex-share', version: programVersion },
    onNotification: (notification) => keeper.receive(notification),
    onRequest: (request) => approvals.asked(request, (id, result) => link?.respond(id, result)),
  }).catch((error: unknown) => {
    log.warn({ err: error }, "the user's own Codex server does not answer")
    return undefined
  })
  return link
}

/**
 * Records how the turns ended that it ran, and follows its threads again once it is back. They are not opened in our server before
 * somebody posts: the user's own UI, which is about to reconnect, would find them taken.
 */
async function abandoned(
  deps: UsersServerDeps,
  own: AppServerLink | undefined,
  threadIds: readonly string[],
): Promise<void> {
  const { approvals, keeper, feed, supervisor, finder, log } = deps
  for (const threadId of threadIds) {
    approvals.voided(threadId)
    if (own) await keeper.abandoned(threadId, own)
  }
  const { info } = supervisor
  const followed = threadIds.filter((threadId) => feed.count(threadId) > 0)
  if (!info || followed.length === 0) return
  const until = performance.now() + lookOutMs
  while (!(await isListening(controlSocketPath(info.codexHome), AbortSignal.timeout(lookEveryMs)))) {
    if (performance.now() > until) return
    await delay(lookEveryMs, undefined, { ref: false })
  }
  for (const threadId of followed)
    await finder()
      .follow(threadId)
      .catch((error: unknown) => log.warn({ err: error, threadId }, 'thread not followed again'))
}
