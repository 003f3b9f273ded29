/** Records what Codex notifies of a shared thread, with who caused it, and passes on what that changes: slots, approvals, names, settings. */
import type { UpstreamNotification } from '../codex/upstream-message.ts'
import type { RequestId } from '../codex/upstream-types.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Author } from '../protocol/events.ts'
import { settingsChangedMethod } from '../protocol/settings-change.ts'
import type { Approvals } from './approvals/approvals.ts'
import type { MissedItems } from './missed-items.ts'
import type { Recorder } from './recorder.ts'
import { clientIdOf, itemIdOf, objectIn, textIn, turnIdOf, waitsOnApproval } from './thread-facts.ts'
import type { SettingsUpdate, ThreadSettingsStore } from './thread-settings/thread-settings.ts'
import type { TurnSlots } from './turn-slots.ts'

export interface NotificationRecorderDeps {
  readonly ledger: Ledger
  readonly recorder: Recorder
  readonly slots: TurnSlots
  readonly approvals: Approvals
  readonly threadSettings: ThreadSettingsStore
  readonly missedItems: MissedItems
}

export class NotificationRecorder {
  private readonly deps: NotificationRecorderDeps
  private readonly interrupters = new Map<string, Author>()
  /** Who submitted prompts of a thread before it was shared, by the ids of these requests. */
  private readonly earlier = new Map<string, Author | null>()

  constructor(deps: NotificationRecorderDeps) {
    this.deps = deps
  }

  /** Remembers who asked for the interruption, for the event of the turn's end. */
  interruptedBy(threadId: string, author: Author): void {
    this.interrupters.set(threadId, author)
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

  /** A new name, also before Codex notifies of it. */
  named(threadId: string, name: string | null): void {
    const { ledger, recorder } = this.deps
    void recorder.persist(() => ledger.threads.describe(threadId, { name, preview: null }))
  }

  record(threadId: string, notification: UpstreamNotification): void {
    const { recorder, missedItems, threadSettings } = this.deps
    missedItems.before(threadId, notification)
    const { method, params, emittedAtMs } = notification
    const cause = this.apply(threadId, notification)
    const settings =
      method === 'thread/settings/updated' ? threadSettings.onUpdated(threadId, params.threadSettings) : null
    const requestId = clientIdOf(params)
    const by = (requestId === null ? settings?.by : this.submitterOf(threadId, requestId)) ?? cause
    const [turnId, itemId] = [turnIdOf(params), itemIdOf(params)]
    recorder.add({ threadId, turnId, atMs: emittedAtMs, method, params, itemId, requestId, by })
    if (settings) this.recordSettings(threadId, settings, emittedAtMs)
  }

  /** Codex reports all settings after every change; this records which of them changed, and by whom. */
  recordSettings(threadId: string, { changes, by }: SettingsUpdate, atMs: number): void {
    if (changes.length === 0) return
    const params = { threadId, changes }
    this.deps.recorder.add({ threadId, turnId: null, atMs, method: settingsChangedMethod, params, itemId: null, by })
  }

  /** Returns who caused it, where that is known. */
  private apply(threadId: string, { method, params, emittedAtMs }: UpstreamNotification): Author | null {
    const { slots, approvals } = this.deps
    const turnId = turnIdOf(params)
    if (method === 'turn/started' && turnId !== null) {
      slots.started(threadId, turnId, emittedAtMs)
      slots.runs(threadId, turnId, textIn(objectIn(params, 'turn'), 'id') ?? turnId)
      return slots.active(threadId)?.by ?? null
    }
    if (method === 'turn/completed' && turnId !== null) return this.applyEnd(threadId, turnId, params)
    if (method === 'serverRequest/resolved' && isRequestId(params.requestId)) {
      const { by, endsTurn } = approvals.resolved(threadId, params.requestId)
      if (by && endsTurn) this.interruptedBy(threadId, by)
      return by
    }
    if (method === 'thread/status/changed') slots.waiting(threadId, waitsOnApproval(params))
    if (method === 'thread/name/updated') this.named(threadId, textIn(params, 'threadName'))
    return null
  }

  private applyEnd(threadId: string, turnId: string, params: UpstreamNotification['params']): Author | null {
    this.deps.slots.ended(threadId, turnId)
    const interrupter = this.interrupters.get(threadId) ?? null
    this.interrupters.delete(threadId)
    return textIn(objectIn(params, 'turn'), 'status') === 'interrupted' ? interrupter : null
  }

  private submitterOf(threadId: string, requestId: string): Author | null {
    return this.deps.ledger.turns.request(threadId, requestId)?.by ?? this.earlier.get(requestId) ?? null
  }
}

function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'number' || typeof value === 'string'
}
