/** The parts that the gate works with. */
import type { Ledger } from '../../ledger/ledger.ts'
import type { Logger } from '../../platform/logging/log.ts'
import type { CodexGateway } from '../codex-link/codex-gateway.ts'
import type { Recorder } from '../publishing/recorder.ts'
import type { TurnSlots } from '../slots/turn-slots.ts'
import type { ThreadSettingsStore } from '../thread-settings/thread-settings.ts'
import type { NotificationRecorder } from '../threads/notification-recorder.ts'
import type { ThreadDirectory } from '../threads/thread-directory.ts'
import type { ThreadSync } from '../threads/thread-sync.ts'
import type { RequestBook } from './request-book.ts'

export interface GateDeps {
  readonly ledger: Ledger
  readonly recorder: Recorder
  readonly requests: RequestBook
  readonly slots: TurnSlots
  readonly threadSettings: ThreadSettingsStore
  readonly threadSync: ThreadSync
  readonly notifications: NotificationRecorder
  readonly directory: ThreadDirectory
  readonly gateway: CodexGateway
  readonly log: Logger
  /** Milliseconds that Codex may take to answer. */
  readonly timeoutMs: number
}
