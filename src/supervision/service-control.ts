/** Starts and stops what the service manager keeps: the daemon and the app-server, each by itself. */
import type { ManagerKind } from '../platform/system/system.ts'

/**
 * All of them return when the manager has done it; a start does not wait for the first answer. They throw `unavailable`, also when a
 * signal ends the waiting: what was asked for may still be done.
 */
export interface ServiceControl {
  readonly kind: ManagerKind
  startDaemon(): Promise<void>
  restartDaemon(): Promise<void>
  stopDaemon(): Promise<void>
  startAppServer(signal?: AbortSignal): Promise<void>
  restartAppServer(signal?: AbortSignal): Promise<void>
  stopAppServer(): Promise<void>
  /** Of the app-server that runs, null when none does or the manager does not say. */
  appServerPid(): Promise<number | null>
  /** Why the daemon does not stay up, with its last words; null when it does, or may yet. */
  daemonFailure(): Promise<string | null>
}
