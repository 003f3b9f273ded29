/** Records what Codex notifies of a shared thread, with who caused it, and passes on what that changes: slots, approvals, names, settings. */
import type { NotificationEffect, UpstreamNotification } from '../../codex/decoding/decode-notification.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Logger } from '../../platform/logging/log.ts'
import type { Author } from '../../protocol/events.ts'
import { settingsChangedMethod } from '../../protocol/own-events.ts'
import type { PrivateThreads } from '../adoption/private-threads.ts'
import type { Approvals } from '../approvals/approvals.ts'
import type { Recorder } from '../publishing/recorder.ts'
import type { TurnSlots } from '../slots/turn-slots.ts'
import type { SettingsUpdate, ThreadSettingsStore } from '../thread-settings/thread-settings.ts'
import type { MissedItems } from './missed-items.ts'

export interface NotificationRecorderDeps {
  readonly ledger: Ledger
  readonly recorder: Recorder
  readonly slots: TurnSlots
  readonly approvals: Approvals
  readonly threadSettings: ThreadSettingsStore
  readonly missedItems: MissedItems
  readonly privateThreads: Pick<PrivateThreads, 'authorOf'>
  readonly log: Logger
  /** Called when Codex says that it runs nothing in the thread. */
  readonly onIdle?: (threadId: string) => void
}

export class NotificationRecorder {
  private readonly deps: NotificationRecorderDeps
  private readonly interrupters = new Map<string, Author>()
  private readonly reverters = new Map<string, Author>()
  /** Who submitted prompts of a thread before it was shared, by the ids of these requests. */
  private readonly earlier = new Map<string, Author | null>()

  /** Methods of which it was said that they cannot be read. */
  private readonly unreadable = new Set<string>()

  constructor(deps: NotificationRecorderDeps) {
    this.deps = deps
  }

  /** Remembers who asked for the interruption, for the event of the turn's end. */
  interruptedBy(threadId: string, author: Author): void {
    this.interrupters.set(threadId, author)
  }

  /** Remembers who asked that the thread be taken back, for the event that says so. */
  revertedBy(threadId: string, author: Author): void {
    this.reverters.set(threadId, author)
  }

  /** Names who submitted prompts before the thread was shared, while `opening` brings its history. */
  async withEarlier<T>(requestIds: readonly string[], author: Author | null, opening: () => Promise<T>): Promise<T> {
    for (const id of requestIds) this.earlier.set(id, author)
    try {
      return await opening()
    } finally {
      for (const id of requestIds) this.earlier.delete(id)
    }
  }

  /** Codex runs nothing in the thread, by its own account. */
  onThreadIdle(threadId: string): void {
    this.deps.onIdle?.(threadId)
  }

  /** A new name, also before Codex notifies of it. */
  recordName(threadId: string, name: string | null): void {
    const { ledger, recorder } = this.deps
    void recorder.persist(() => ledger.threads.describe(threadId, { name, preview: null }))
  }

  record(threadId: string, notification: UpstreamNotification): void {
    const { recorder, missedItems, threadSettings } = this.deps
    missedItems.before(threadId, notification)
    const { method, params, emittedAtMs, turnId, itemId, requestId, effect } = notification
    const settings = effect.kind === 'settingsChanged' ? threadSettings.onUpdated(threadId, effect.settings) : null
    const cause = settings?.by ?? this.apply(threadId, notification)
    const by = (requestId === null ? null : this.submitterOf(threadId, requestId)) ?? cause
    recorder.add({ threadId, turnId, atMs: emittedAtMs, method, params, itemId, requestId, by })
    if (settings) this.recordSettings(threadId, settings, emittedAtMs)
  }

  /** Of a thread that is not followed, such as a sub-agent's, it counts which of its questions are over, and that ours was put away. */
  onUnfollowed(threadId: string, notification: UpstreamNotification): void {
    const { approvals, ledger } = this.deps
    const { effect } = notification
    if (effect.kind === 'questionResolved') approvals.onResolved(threadId, effect.requestId)
    else if (effect.kind === 'threadArchived' && ledger.threads.has(threadId)) this.record(threadId, notification)
  }

  /** Codex reports all settings after every change; this records which of them changed, and by whom. */
  recordSettings(threadId: string, { changes, by }: SettingsUpdate, atMs: number): void {
    if (changes.length === 0) return
    const params = { threadId, changes }
    this.deps.recorder.add({ threadId, turnId: null, atMs, method: settingsChangedMethod, params, itemId: null, by })
  }

  /** Passes on what it changes. Returns who caused it, where that is known. */
  private apply(threadId: string, { method, effect, emittedAtMs }: UpstreamNotification): Author | null {
    const { ledger, recorder, slots, approvals } = this.deps
    switch (effect.kind) {
      case 'turnStarted':
        slots.onTurnStarted(threadId, effect.turnId, emittedAtMs)
        slots.runs(threadId, effect.turnId, effect.runsAs)
        return slots.active(threadId)?.by ?? null
      case 'turnEnded':
        return this.applyEnd(threadId, effect)
      case 'questionResolved': {
        const { by, endsTurn } = approvals.onResolved(threadId, effect.requestId)
        if (by && endsTurn) this.interruptedBy(threadId, by)
        return by
      }
      case 'statusChanged':
        slots.waiting(threadId, effect.waitsOnApproval)
        if (effect.isIdle) this.onThreadIdle(threadId)
        return null
      case 'nameChanged':
        this.recordName(threadId, effect.name)
        return null
      case 'threadArchived':
      case 'threadUnarchived': {
        const isArchived = effect.kind === 'threadArchived'
        void recorder.persist(() => ledger.threads.setArchived(threadId, isArchived))
        return null
      }
      case 'threadReverted':
        return takeOnce(this.reverters, threadId)
      case 'unreadable':
        this.warnUnreadable(method, effect.problem)
        return null
      case 'itemStarted':
      case 'itemGrew':
      case 'itemCompleted':
      case 'settingsChanged':
      case 'threadClosed':
      case 'accountChanged':
      case 'configWarned':
      case 'nothing':
        return null
      default:
        return effect satisfies never
    }
  }

  private applyEnd(
    threadId: string,
    { turnId, status }: Extract<NotificationEffect, { kind: 'turnEnded' }>,
  ): Author | null {
    this.deps.slots.onTurnEnded(threadId, turnId)
    const interrupter = takeOnce(this.interrupters, threadId)
    return status === 'interrupted' ? interrupter : null
  }

  /** It is recorded as it came; what it would have changed is not known. */
  private warnUnreadable(method: string, problem: string): void {
    if (this.unreadable.has(method)) return
    this.unreadable.add(method)
    this.deps.log.warn(
      { method, problem },
      'Codex tells this in a form that is not known here; is it newer than this codex-share?',
    )
  }

  private submitterOf(threadId: string, requestId: string): Author | null {
    const { ledger, privateThreads } = this.deps
    const known = ledger.turns.request(threadId, requestId)?.by ?? this.earlier.get(requestId)
    return known ?? privateThreads.authorOf(threadId, requestId)
  }
}

/** Returns what is remembered of the thread, and forgets it. */
function takeOnce(authors: Map<string, Author>, threadId: string): Author | null {
  const author = authors.get(threadId) ?? null
  authors.delete(threadId)
  return author
}
