/** What the daemon is made of; handlers take the parts they use. */

import type { InstalledCodex } from '../codex/binary/installed-codex.ts'
import type { Supervisor } from '../codex/supervision/app-server-supervisor.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Logger } from '../platform/logging/log.ts'
import type { Places } from '../platform/places/resolve-places.ts'
import type { Settings } from '../platform/settings/settings.ts'
import type { Adoption } from './adoption/adoption.ts'
import type { PrivateThreads } from './adoption/private-threads.ts'
import type { Approvals } from './approvals/approvals.ts'
import type { CodexGateway } from './codex-link/codex-gateway.ts'
import type { Gate } from './gate/gate.ts'
import type { Peers } from './peers/peers.ts'
import type { Feed } from './publishing/feed.ts'
import type { Recorder } from './publishing/recorder.ts'
import type { QueueDrain } from './queue/queue-drain.ts'
import type { ThreadQueues } from './queue/thread-queues.ts'
import type { TurnSlots } from './slots/turn-slots.ts'
import type { ConnectionLimits } from './sockets/connection-limits.ts'
import type { ThreadSettingsStore } from './thread-settings/thread-settings.ts'
import type { NotificationRecorder } from './threads/notification-recorder.ts'
import type { ThreadDirectory } from './threads/thread-directory.ts'
import type { ThreadFinder } from './threads/thread-finder.ts'
import type { ThreadSync } from './threads/thread-sync.ts'
import type { Exposure } from './upkeep/exposure.ts'
import type { LedgerCheck } from './upkeep/ledger-check.ts'

export interface DaemonCore {
  readonly places: Places
  /** Those that act are the defaults where an agent could have written them. */
  readonly settings: Settings
  readonly exposure: Exposure
  readonly log: Logger
  /** Null when the journal has it. */
  readonly logFile: string | null
  readonly startedAt: string
  /** Says together with the pid which process this is; undefined where the system does not tell. */
  readonly startToken: string | undefined
  readonly connectionLimits: ConnectionLimits
  readonly ledger: Ledger
  readonly ledgerCheck: LedgerCheck
  readonly recorder: Recorder
  readonly feed: Feed
  readonly slots: TurnSlots
  readonly peers: Peers
  readonly approvals: Approvals
  readonly privateThreads: PrivateThreads
  readonly adoption: Adoption
  readonly threadSync: ThreadSync
  readonly notifications: NotificationRecorder
  readonly threadSettings: ThreadSettingsStore
  readonly finder: ThreadFinder
  readonly directory: ThreadDirectory
  readonly gate: Gate
  readonly queues: ThreadQueues
  readonly queueDrain: QueueDrain
  readonly gateway: CodexGateway
  readonly supervisor: Supervisor
  readonly installedCodex: InstalledCodex
  /** The CODEX_HOME that is worked with, as a real path. */
  readonly codexHome: () => string
  /** True once the program's files on disk are no longer those that run. */
  readonly programChanged: () => boolean
  /** Does work for whose time nothing else goes on, and nobody is to take the daemon for hung. */
  readonly standStill: <T>(work: () => T) => T
  /** Ends the daemon soon, after the reply to whoever asked. */
  readonly shutDown: (options: { readonly appServer: boolean; readonly reason: string }) => void
}
