/** What the gate works with. */
import type { Ledger } from '../../ledger/ledger.ts'
import type { Logger } from '../../platform/log.ts'
import type { NotificationRecorder } from '../notification-recorder.ts'
import type { Recorder } from '../recorder.ts'
import type { ThreadFinder } from '../thread-finder.ts'
import type { ThreadKeeper } from '../thread-keeper.ts'
import type { ThreadSettingsStore } from '../thread-settings/thread-settings.ts'
import type { Upstream } from '../upstream.ts'
import type { RequestBook } from './request-book.ts'
import type { TurnSlots } from './turn-slots.ts'

export interface GateDeps {
  readonly ledger: Ledger
  readonly recorder: Recorder
  readonly requests: RequestBook
  readonly slots: TurnSlots
  readonly threadSettings: ThreadSettingsStore
  readonly keeper: ThreadKeeper
  readonly notifications: NotificationRecorder
  readonly finder: ThreadFinder
  readonly upstream: Upstream
  readonly log: Logger
  /** Milliseconds that Codex may take to answer. */
  readonly timeoutMs: number
}
