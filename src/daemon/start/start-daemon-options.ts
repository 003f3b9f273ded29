/** What the daemon is started with. */
import type { AppServerManager } from '../../codex/supervision/acquire-managed-app-server.ts'
import type { Logger } from '../../platform/logging/log.ts'
import type { Environment, Places } from '../../platform/places/resolve-places.ts'
import type { Settings } from '../../platform/settings/settings.ts'

export interface StartDaemonOptions {
  readonly env: Environment
  readonly places: Places
  readonly settings: Settings
  readonly log: Logger
  /** Replace a daemon that runs. */
  readonly takeOver: boolean
  /** From `--codex-bin`. */
  readonly codexBin: string | undefined
  /** The script that was started, to notice when it changes on disk. */
  readonly programFile: string
  /** Sockets that a service manager has handed over: descriptors by path. */
  readonly inherited: ReadonlyMap<string, number>
  /** Keeps the app-server instead of us. */
  readonly manager: AppServerManager | undefined
  /** Null when the journal has it. */
  readonly logFile: string | null
  /** Does work during which nothing else runs, without the daemon being taken for hung. */
  readonly standStill: <T>(work: () => T) => T
  /** Called when the daemon is to end: a client asked for it, or another daemon has the socket. */
  readonly onLeave: (leave: { readonly appServer: boolean; readonly reason: string }) => void
}
