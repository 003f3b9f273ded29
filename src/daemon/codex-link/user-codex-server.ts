/** Threads that are open in the user's Codex server: reached there, never taken from there. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AppServerLink } from '../../codex/link/app-server-link.ts'
import type { Supervisor } from '../../codex/supervision/app-server-supervisor.ts'
import { ThreadRouter } from '../../codex/supervision/thread-router.ts'
import { openUserCodexServer } from '../../codex/supervision/user-codex-server.ts'
import type { Logger } from '../../platform/logging/log.ts'
import { programVersion } from '../../protocol/version.ts'
import type { DaemonCore } from '../core.ts'

/** What follows its threads like ours, and answers there what it asks. */
export interface UserCodexServerParts extends Pick<DaemonCore, 'approvals' | 'threadSync' | 'feed' | 'directory'> {
  readonly supervisor: Pick<Supervisor, 'info' | 'link'>
}

/** How often it is looked for while it is away: an update of Codex restarts it within seconds. */
const [lookEveryMs, laterEveryMs, laterAfterMs] = [1000, 10_000, 120_000]

export class UserCodexServer {
  readonly router: ThreadRouter
  private readonly log: Logger
  private parts: UserCodexServerParts | undefined

  constructor(log: Logger) {
    this.log = log
    this.router = new ThreadRouter({
      openUserServer: async () => this.parts && (await this.open(this.parts)),
      onLost: (threadIds) => this.parts && this.onLost(this.parts, threadIds),
    })
  }

  /** From now on it is looked for, when a thread is open elsewhere; to be called once. */
  start(parts: UserCodexServerParts): void {
    this.parts = parts
  }

  close(): Promise<void> {
    return this.router.close()
  }

  private async open({ supervisor, approvals, threadSync }: UserCodexServerParts): Promise<AppServerLink | undefined> {
    const { info } = supervisor
    if (!info) return undefined
    const link = await openUserCodexServer(info.codexHome, {
      client: { name: 'codex-share', version: programVersion },
      onNotification: (notification) => threadSync.receive(notification),
      onRequest: (request) => approvals.onRequest(request, (id, result) => link?.respond(id, result)),
    }).catch((error: unknown) => {
      this.log.warn({ err: error }, "the user's Codex server does not answer")
      return undefined
    })
    return link
  }

  private onLost(parts: UserCodexServerParts, threadIds: readonly string[]): void {
    // At once: what is asked for next is to be attached again.
    for (const threadId of threadIds) parts.threadSync.detach(threadId, undefined)
    this.recover(parts, threadIds).catch((error: unknown) => this.log.warn({ err: error }, 'not found again'))
  }

  /**
   * Follows its threads again where only the link ended; else records how the turns ended that it ran, and waits until it is back. They
   * are not opened in our server before somebody acts in them: the user's own UI, which is about to reconnect, would find them taken.
   */
  private async recover(parts: UserCodexServerParts, threadIds: readonly string[]): Promise<void> {
    const { supervisor, approvals, threadSync, feed } = parts
    const { router, log } = this
    const isThere = await router.isUserServerThere()
    log.info({ threads: threadIds.length, isThere }, "the link to the user's Codex server ended")
    for (const threadId of threadIds) {
      approvals.cancelAll(threadId)
      if (isThere) await this.follow(parts, threadId)
      else if (supervisor.link && router.isInUserServer(threadId))
        await threadSync.closeAbandoned(threadId, supervisor.link)
    }
    if (isThere) return
    const laterAtMs = performance.now() + laterAfterMs
    while (router.threadsInUserServer.length > 0 && !(await router.isUserServerThere()))
      await delay(performance.now() < laterAtMs ? lookEveryMs : laterEveryMs, undefined, { ref: false })
    for (const threadId of router.threadsInUserServer) if (feed.count(threadId) > 0) await this.follow(parts, threadId)
  }

  private async follow({ directory }: UserCodexServerParts, threadId: string): Promise<void> {
    await directory
      .followAgain(threadId)
      .catch((error: unknown) => this.log.warn({ err: error, threadId }, 'thread not followed again'))
  }
}
