/** Follows the shared threads on the link to Codex, and has the ledger catch up with them after a break. */
import type { UpstreamNotification } from '../../codex/decoding/decode-notification.ts'
import type { Thread } from '../../codex/decoding/upstream-types.ts'
import type { AppServerLink } from '../../codex/link/app-server-link.ts'
import { UserServerGone } from '../../codex/supervision/thread-router.ts'
import { followSubAgents } from '../../codex/threads/sub-agents.ts'
import type { Logger } from '../../platform/logging/log.ts'
import type { Feed } from '../publishing/feed.ts'
import { Attachments } from './attachments.ts'
import { CatchUp, type CatchUpDeps } from './catch-up.ts'
import { factsOf } from './thread-facts.ts'

export interface ThreadSyncDeps extends CatchUpDeps {
  readonly feed: Feed
  readonly log: Logger
}

export class ThreadSync {
  private readonly deps: ThreadSyncDeps
  private readonly attachments: Attachments
  private readonly catchUp: CatchUp

  constructor(deps: ThreadSyncDeps) {
    this.deps = deps
    this.attachments = new Attachments(deps)
    this.catchUp = new CatchUp(deps, this.attachments)
  }

  /** A link is up: follow again what was followed, and what the ledger believes to run. What is followed on another link still is. */
  linkUp(link: AppServerLink, onOtherLinks: readonly string[] = []): void {
    const { ledger, log, feed, slots, stored } = this.deps
    const before = this.attachments.dropAllExcept(onOtherLinks)
    const underway = ledger.turns.threadsUnderway()
    for (const { threadId } of ledger.threads.listOpen()) {
      const isWanted =
        (underway.has(threadId) && ledger.turns.open(threadId)) || before.has(threadId) || feed.count(threadId) > 0
      // A stock client's first prompt has the slot before its thread is followed.
      if (!isWanted && !slots.active(threadId)) continue
      this.attach(threadId, link).catch((error: unknown) => log.warn({ err: error, threadId }, 'thread not caught up'))
    }
    void stored.takeLost(link, (threadId) => this.attachments.get(threadId) !== undefined)
  }

  /** Follows a thread on this link and brings the ledger up to date with it, once. New threads are added to the ledger. */
  attach(threadId: string, link: AppServerLink): Promise<Thread> {
    const present = this.attachments.get(threadId)
    if (present && this.isFollowed(threadId)) return present.done
    this.deps.missedItems.onSilence(threadId)
    return this.follow(threadId, link)
  }

  /** Whether the thread's notifications are recorded, or will be once it is caught up with. */
  isFollowed(threadId: string): boolean {
    return this.attachments.isFollowed(threadId)
  }

  /** To be called when Codex says that the thread is not loaded, or has put it away. Returns whether it was believed to be. */
  noteUnloaded(threadId: string): boolean {
    return this.attachments.noteUnloaded(threadId)
  }

  /** Whether the thread is followed, and all that Codex had of it is recorded. */
  isCaughtUp(threadId: string): boolean {
    return this.attachments.isLive(threadId)
  }

  /** Catches up with a thread once more, whatever was done before; one whose server has gone is read where it is stored. */
  async reattach(threadId: string, link: AppServerLink): Promise<void> {
    const before = this.attachments.get(threadId)
    const caughtUp = before ? this.follow(threadId, link, before.early ?? []) : this.attach(threadId, link)
    await caughtUp.catch((error: unknown) => {
      if (!(error instanceof UserServerGone)) throw error
      return this.closeAbandoned(threadId, link)
    })
  }

  /** The server that had the thread open has gone: what it left behind is recorded, and the thread is not opened anywhere else. */
  async closeAbandoned(threadId: string, link: AppServerLink): Promise<void> {
    // Somebody may have it followed again already.
    const present = this.attachments.get(threadId)?.done
    if (await present?.then(Boolean, () => false)) return
    const { missedItems, stored } = this.deps
    missedItems.onSilence(threadId)
    const { thread } = await link.request('thread/read', { threadId, includeTurns: false })
    const turns = await stored.read(thread, link)
    if (!this.attachments.get(threadId)) stored.take(threadId, turns)
  }

  /** A thread that was just started on this link: there is nothing to catch up with. */
  adopt(thread: Thread, answer: unknown): void {
    const { ledger, recorder, threadSettings } = this.deps
    recorder.writeNow(() => ledger.threads.open(thread.id, factsOf(thread)))
    threadSettings.onAnswer(thread.id, answer)
    this.attachments.beginLive(thread)
  }

  /** Stops following, so that Codex may unload the thread and others may open it; the ledger keeps what it has. */
  detach(threadId: string, link: AppServerLink | undefined): void {
    if (!this.attachments.drop(threadId)) return
    link?.request('thread/unsubscribe', { threadId }).catch((error: unknown) => {
      this.deps.log.debug({ err: error, threadId }, 'not unsubscribed')
    })
  }

  /** Takes a notification off the link. */
  receive(notification: UpstreamNotification): void {
    this.attachments.receive(notification)
  }

  private follow(threadId: string, link: AppServerLink, early: readonly UpstreamNotification[] = []): Promise<Thread> {
    const { promise: done, resolve } = Promise.withResolvers<Thread>()
    const attachment = this.attachments.begin(threadId, done, early)
    resolve(this.catchUp.run(threadId, link, attachment))
    done.then(
      () => this.followAgents(threadId, link),
      () => this.attachments.fail(threadId, attachment),
    )
    return done
  }

  private followAgents(threadId: string, link: AppServerLink): void {
    followSubAgents(link, threadId).catch((error: unknown) => {
      this.deps.log.info({ err: error, threadId }, 'its sub-agents are not followed')
    })
  }
}
