/** Follows the shared threads on the link to Codex, and catches up with them after a break. */
import { setTimeout as delay } from 'node:timers/promises'
import type { UpstreamNotification } from '../../codex/decoding/decode-notification.ts'
import type { Thread } from '../../codex/decoding/upstream-types.ts'
import type { AppServerLink } from '../../codex/link/app-server-link.ts'
import { threadTrouble } from '../../codex/link/upstream-quirks.ts'
import { OtherServerGone } from '../../codex/supervision/thread-router.ts'
import type { RootTurn } from '../../codex/threads/root-turns.ts'
import { followSubAgents, isSubAgent, ofOwnTurn } from '../../codex/threads/sub-agents.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Logger } from '../../platform/logging/log.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { Feed } from '../publishing/feed.ts'
import type { Recorder } from '../publishing/recorder.ts'
import type { TurnSlots } from '../slots/turn-slots.ts'
import type { ThreadSettingsStore } from '../thread-settings/thread-settings.ts'
import type { MissedItems } from './missed-items.ts'
import type { NotificationRecorder } from './notification-recorder.ts'
import { hasNoEnd } from './reconcile.ts'
import { ReplayFilter } from './replay-filter.ts'
import type { StoredTurns } from './stored-turns.ts'
import { factsOf } from './thread-facts.ts'

/** Codex's own queue of a thread, which it would drain when the thread is opened. */
interface QueueOfCodex {
  /** Takes over what waits there, then opens the thread. */
  whileOpening<T>(threadId: string, link: AppServerLink, resume: () => Promise<T>): Promise<T>
  onOpened(threadId: string): void
}

export interface ThreadSyncDeps {
  readonly ledger: Ledger
  readonly recorder: Recorder
  readonly slots: TurnSlots
  readonly feed: Feed
  readonly missedItems: MissedItems
  readonly notifications: NotificationRecorder
  readonly threadSettings: ThreadSettingsStore
  readonly stored: StoredTurns
  readonly codexQueue: QueueOfCodex
  readonly log: Logger
}

/** Codex stores a turn that it is about to run a moment before it says that the thread is active: so often it is asked, and that far apart. */
const [looks, betweenLooksMs] = [5, 50]

interface Attachment {
  readonly done: Promise<Thread>
  /** What came while the thread is being caught up, in order; null once it is. */
  early: UpstreamNotification[] | null
  readonly told: ReplayFilter
  ofSubAgent: boolean
}

export class ThreadSync {
  private readonly deps: ThreadSyncDeps
  private attachments = new Map<string, Attachment>()
  /** Followed threads that Codex has unloaded, such as archived ones: resume them before the next turn. */
  private readonly unloaded = new Set<string>()

  constructor(deps: ThreadSyncDeps) {
    this.deps = deps
  }

  /** A link is up: follow again what was followed, and what the ledger believes to run. What is followed on another link still is. */
  linkUp(link: AppServerLink, onOtherLinks: readonly string[] = []): void {
    const { ledger, log, feed, slots, stored } = this.deps
    const before = this.attachments
    this.attachments = new Map([...before].filter(([threadId]) => onOtherLinks.includes(threadId)))
    this.unloaded.clear()
    for (const { threadId } of ledger.threads.listOpen()) {
      const isWanted = ledger.turns.open(threadId) || before.has(threadId) || feed.count(threadId) > 0
      // A stock client's first prompt has the slot before its thread is followed.
      if (!isWanted && !slots.active(threadId)) continue
      this.attach(threadId, link).catch((error: unknown) => log.warn({ err: error, threadId }, 'thread not caught up'))
    }
    void stored.takeLost(link, (threadId) => this.attachments.has(threadId))
  }

  /** Follows a thread on this link and brings the ledger up to date with it, once. New threads are added to the ledger. */
  attach(threadId: string, link: AppServerLink): Promise<Thread> {
    const present = this.attachments.get(threadId)
    if (present && !this.unloaded.has(threadId)) return present.done
    this.deps.missedItems.onSilence(threadId)
    return this.follow(threadId, link)
  }

  /** Whether the thread's notifications are recorded, or will be once it is caught up with. */
  isFollowed(threadId: string): boolean {
    return this.attachments.has(threadId) && !this.unloaded.has(threadId)
  }

  /** To be called when Codex says that the thread is not loaded, or has put it away. Returns whether it was believed to be. */
  noteUnloaded(threadId: string): boolean {
    return this.isFollowed(threadId) && Boolean(this.unloaded.add(threadId))
  }

  /** Whether the thread is followed, and all that Codex had of it is recorded. */
  isCaughtUp(threadId: string): boolean {
    return this.isFollowed(threadId) && this.attachments.get(threadId)?.early === null
  }

  /** `early` came for an earlier catching up that this one takes the place of. */
  private follow(threadId: string, link: AppServerLink, early: UpstreamNotification[] = []): Promise<Thread> {
    const told = new ReplayFilter((turnId) => this.deps.stored.knows(threadId, turnId))
    const { promise: done, resolve } = Promise.withResolvers<Thread>()
    const attachment: Attachment = { done, early, told, ofSubAgent: false }
    this.attachments.set(threadId, attachment)
    this.unloaded.delete(threadId)
    resolve(this.catchUp(threadId, link, attachment))
    done.then(
      () => this.followAgents(threadId, link),
      () => {
        if (this.attachments.get(threadId) !== attachment) return
        this.attachments.delete(threadId)
        for (const notification of attachment.early ?? []) this.deps.notifications.onUnfollowed(threadId, notification)
      },
    )
    return done
  }

  private followAgents(threadId: string, link: AppServerLink): void {
    followSubAgents(link, threadId).catch((error: unknown) => {
      this.deps.log.info({ err: error, threadId }, 'its sub-agents are not followed')
    })
  }

  /** Catches up with a thread once more, whatever was done before; one whose server has gone is read where it is stored. */
  async reattach(threadId: string, link: AppServerLink): Promise<void> {
    const before = this.attachments.get(threadId)
    const caughtUp = before ? this.follow(threadId, link, before.early ?? []) : this.attach(threadId, link)
    await caughtUp.catch((error: unknown) => {
      if (!(error instanceof OtherServerGone)) throw error
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
    if (!this.attachments.has(threadId)) stored.take(threadId, turns)
  }

  /** A thread that was just started on this link: there is nothing to catch up with. */
  adopt(thread: Thread, answer: unknown): void {
    const { ledger, recorder, threadSettings, stored } = this.deps
    recorder.writeNow(() => ledger.threads.open(thread.id, factsOf(thread)))
    threadSettings.onAnswer(thread.id, answer)
    const told = new ReplayFilter((turnId) => stored.knows(thread.id, turnId))
    this.attachments.set(thread.id, { done: Promise.resolve(thread), early: null, told, ofSubAgent: false })
  }

  /** Stops following, so that Codex may unload the thread and others may open it; the ledger keeps what it has. */
  detach(threadId: string, link: AppServerLink | undefined): void {
    if (!this.attachments.delete(threadId)) return
    link?.request('thread/unsubscribe', { threadId }).catch((error: unknown) => {
      this.deps.log.debug({ err: error, threadId }, 'not unsubscribed')
    })
  }

  /** Takes a notification off the link. Those of no thread are nobody's here. */
  receive(came: UpstreamNotification): void {
    const { threadId, effect } = came
    if (threadId === null) return
    const attachment = this.attachments.get(threadId)
    if (!attachment) {
      this.deps.notifications.onUnfollowed(threadId, came)
      return
    }
    const notification = attachment.ofSubAgent ? ofOwnTurn(came) : came
    if (attachment.early) attachment.early.push(notification)
    else if (!attachment.told.has(notification)) this.deps.notifications.record(threadId, notification)
    // Codex has let the thread go: the next who needs it has it loaded again.
    if (effect.kind === 'threadClosed') this.attachments.delete(threadId)
    else if (effect.kind === 'threadArchived') this.unloaded.add(threadId)
  }

  private async catchUp(threadId: string, link: AppServerLink, attachment: Attachment): Promise<Thread> {
    const { ledger, recorder, slots, notifications, missedItems, threadSettings, codexQueue, stored } = this.deps
    /** Where another link came meanwhile, or a later catching up, all from here on is theirs to record. */
    const requireOurs = () => {
      if (this.attachments.get(threadId) !== attachment) throw begunAnew(threadId)
    }
    // Read before Codex is asked: what it takes from here on is not lost.
    const unfinished = stored.unfinishedTurns(threadId)
    const resumed = await codexQueue
      .whileOpening(threadId, link, () => link.request('thread/resume', { threadId, excludeTurns: true }))
      .catch(async (error: unknown) => {
        if (threadTrouble(error)?.kind === 'unknown')
          await this.closeLostTurns(threadId, unfinished, 'Codex no longer has this thread.', attachment)
        throw error
      })
    const { thread } = resumed
    const isHistory = !ledger.threads.has(threadId)
    await recorder.persist(() => {
      // It may be let go by now, as its sharing was stopped or it was forgotten: this would undo that.
      requireOurs()
      ledger.threads.open(threadId, factsOf(thread))
    })
    const settings = threadSettings.onAnswer(threadId, resumed)
    if (isSubAgent(thread)) {
      attachment.ofSubAgent = true
      attachment.early = attachment.early?.map(ofOwnTurn) ?? null
    }
    const turns = await this.withBegun(threadId, await stored.read(thread, link), link)
    requireOurs()
    if (!attachment.early?.some(({ effect }) => effect.kind === 'threadReverted')) stored.takeRevert(threadId, turns)
    stored.take(threadId, turns, isHistory)
    if (thread.status?.type === 'idle') await this.closeLostTurns(threadId, unfinished, neverStored, attachment)
    await recorder.untilWritten()
    requireOurs()
    const running = turns.at(-1)
    if (running?.status === 'inProgress') missedItems.onCaughtUp(threadId, running.id)
    notifications.recordSettings(threadId, settings, Date.now())
    this.takeEarly(threadId, turns, attachment)
    if (thread.status?.type === 'idle') notifications.onThreadIdle(threadId)
    if (running?.status === 'inProgress' && !stored.knows(threadId, running.id).ended)
      slots.onTurnStarted(
        threadId,
        running.id,
        (running.startedAt ?? 0) * 1000,
        ledger.turns.get(threadId, running.id)?.by,
      )
    codexQueue.onOpened(threadId)
    return thread
  }

  /** The stored turns, the last as running where it has begun while they were read: by a stock UI, in the user's own server. */
  private async withBegun(threadId: string, turns: RootTurn[], link: AppServerLink): Promise<RootTurn[]> {
    const last = turns.at(-1)
    // One that was heard to start is listed as running as long as it does.
    if (!last || !hasNoEnd(last) || this.deps.stored.knows(threadId, last.id).started) return turns
    for (let look = 0; look < looks; look += 1) {
      if (look > 0) await delay(betweenLooksMs)
      const { thread } = await link.request('thread/read', { threadId, includeTurns: false })
      const isBegun = thread.status.type === 'active' || this.heardEarly(threadId).has(last.id)
      if (isBegun) return turns.with(-1, { ...last, status: 'inProgress' })
    }
    return turns
  }

  /** The turns of which something came while the thread is being caught up. */
  private heardEarly(threadId: string): ReadonlySet<string | null> {
    return new Set((this.attachments.get(threadId)?.early ?? []).map(({ turnId }) => turnId))
  }

  /** What came live during the catching up goes behind it. */
  private takeEarly(threadId: string, turns: readonly RootTurn[], attachment: Attachment): void {
    const { early, told } = attachment
    attachment.early = null
    told.tell(turns.map(({ id }) => id))
    for (const notification of early ?? [])
      if (!told.has(notification)) this.deps.notifications.record(threadId, notification)
    this.deps.recorder.flush()
  }

  /** Codex runs nothing in the thread: of these turns, those that are still unfinished will never end by themselves. */
  private async closeLostTurns(
    threadId: string,
    turnIds: ReadonlySet<string>,
    message: string,
    attachment: Attachment,
  ): Promise<void> {
    const { recorder, stored } = this.deps
    if (turnIds.size === 0) return
    await recorder.untilWritten()
    if (this.attachments.get(threadId) !== attachment) return
    const heard = this.heardEarly(threadId)
    stored.endLost(threadId, new Set([...turnIds].filter((id) => !heard.has(id))), message)
  }
}

const neverStored = 'The Codex app-server ended before it stored this turn.'

/** It can be asked for again, and is then what came instead. */
function begunAnew(threadId: string): ShareError {
  return new ShareError('connectionLost', `catching up with thread ${threadId} was started again`, {
    facts: { threadId, sent: false },
  })
}
