/** The threads that are followed on the link to Codex, and what becomes of their notifications. */
import type { UpstreamNotification } from '../../codex/decoding/decode-notification.ts'
import type { Thread } from '../../codex/decoding/upstream-types.ts'
import { ofOwnTurn } from '../../codex/threads/sub-agents.ts'
import type { NotificationRecorder } from './notification-recorder.ts'
import { ReplayFilter } from './replay-filter.ts'
import type { StoredTurns } from './stored-turns.ts'

export interface AttachmentsDeps {
  readonly notifications: Pick<NotificationRecorder, 'record' | 'onUnfollowed'>
  readonly stored: Pick<StoredTurns, 'knows'>
}

export interface Attachment {
  readonly done: Promise<Thread>
  /** What came while the thread is being caught up, in order; null once it is live. */
  readonly early: readonly UpstreamNotification[] | null
}

interface AttachmentState extends Attachment {
  early: UpstreamNotification[] | null
  readonly replays: ReplayFilter
  ofSubAgent: boolean
  isUnloaded: boolean
}

/**
 *     none ── begin ──▶ catching up ── goLive ──▶ live ── noteUnloaded ──▶ unloaded ── begin ──▶ catching up …
 *
 * Catching up: notifications wait until what Codex has stored is recorded. Live: they are recorded, except replays of what is recorded
 * already. Unloaded: Codex has put the thread away, as when it is archived; it must be attached again before the next turn. From each
 * of these back to none: dropped, failed, or closed by Codex. `begin` again while catching up takes the place of the former.
 */
export class Attachments {
  private readonly deps: AttachmentsDeps
  private byThread = new Map<string, AttachmentState>()

  constructor(deps: AttachmentsDeps) {
    this.deps = deps
  }

  get(threadId: string): Attachment | undefined {
    return this.byThread.get(threadId)
  }

  /** Whether the thread's notifications are recorded, or will be once it is live. */
  isFollowed(threadId: string): boolean {
    return this.byThread.get(threadId)?.isUnloaded === false
  }

  /** Whether the thread is followed, and all that Codex had of it is recorded. */
  isLive(threadId: string): boolean {
    return this.isFollowed(threadId) && this.byThread.get(threadId)?.early === null
  }

  /** Whether no other has taken its place, and the thread was not dropped. */
  isCurrent(threadId: string, attachment: Attachment): boolean {
    return this.current(threadId, attachment) !== undefined
  }

  /** The turns of which something came while the thread is being caught up. */
  heardEarly(threadId: string): ReadonlySet<string | null> {
    return new Set((this.byThread.get(threadId)?.early ?? []).map(({ turnId }) => turnId))
  }

  /** `early`: what waited in an attachment that this one takes the place of. */
  begin(threadId: string, done: Promise<Thread>, early: readonly UpstreamNotification[] = []): Attachment {
    return this.set(threadId, done, [...early])
  }

  /** A thread that was just started: there is nothing to catch up with. */
  beginLive(thread: Thread): void {
    this.set(thread.id, Promise.resolve(thread), null)
  }

  /** It is a sub-agent's thread, whose turns are its own. */
  noteSubAgent(threadId: string, attachment: Attachment): void {
    const state = this.current(threadId, attachment)
    if (!state) return
    state.ofSubAgent = true
    state.early = state.early?.map(ofOwnTurn) ?? null
  }

  /** The stored turns, with these ids, are in the ledger: what came meanwhile goes behind them, and the rest is recorded as it comes. */
  goLive(threadId: string, attachment: Attachment, turnIds: readonly string[]): void {
    const state = this.current(threadId, attachment)
    if (!state) return
    const early = state.early ?? []
    state.early = null
    state.replays.remember(turnIds)
    for (const notification of early) this.record(threadId, state, notification)
  }

  /** It could not be caught up: what waited is treated as that of a thread that is not followed. */
  fail(threadId: string, attachment: Attachment): void {
    if (!this.isCurrent(threadId, attachment)) return
    this.byThread.delete(threadId)
    for (const notification of attachment.early ?? []) this.deps.notifications.onUnfollowed(threadId, notification)
  }

  /** Codex says that the thread is not loaded, or has put it away. Returns whether it was believed to be loaded. */
  noteUnloaded(threadId: string): boolean {
    const state = this.byThread.get(threadId)
    if (!state || state.isUnloaded) return false
    state.isUnloaded = true
    return true
  }

  /** Returns whether it was attached. */
  drop(threadId: string): boolean {
    return this.byThread.delete(threadId)
  }

  /** The link has ended, and all that was attached on it, except these threads. Returns which were attached. */
  dropAllExcept(threadIds: readonly string[]): ReadonlySet<string> {
    const before = this.byThread
    this.byThread = new Map([...before].filter(([threadId]) => threadIds.includes(threadId)))
    for (const state of this.byThread.values()) state.isUnloaded = false
    return new Set(before.keys())
  }

  /** Takes a notification off the link. Those of no thread are nobody's here. */
  receive(came: UpstreamNotification): void {
    const { threadId, effect } = came
    if (threadId === null) return
    const state = this.byThread.get(threadId)
    if (!state) {
      this.deps.notifications.onUnfollowed(threadId, came)
      return
    }
    const notification = state.ofSubAgent ? ofOwnTurn(came) : came
    if (state.early) state.early.push(notification)
    else this.record(threadId, state, notification)
    // Codex has let the thread go: the next who needs it has it loaded again.
    if (effect.kind === 'threadClosed') this.byThread.delete(threadId)
    else if (effect.kind === 'threadArchived') state.isUnloaded = true
  }

  private current(threadId: string, attachment: Attachment): AttachmentState | undefined {
    const state = this.byThread.get(threadId)
    return state === attachment ? state : undefined
  }

  private set(threadId: string, done: Promise<Thread>, early: UpstreamNotification[] | null): Attachment {
    const replays = new ReplayFilter((turnId) => this.deps.stored.knows(threadId, turnId))
    const state = { done, early, replays, ofSubAgent: false, isUnloaded: false }
    this.byThread.set(threadId, state)
    return state
  }

  private record(threadId: string, { replays }: AttachmentState, notification: UpstreamNotification): void {
    if (!replays.has(notification)) this.deps.notifications.record(threadId, notification)
  }
}
