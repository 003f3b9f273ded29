/** The interface to a service manager of the user's: one form for systemd and launchd. */

import type { ManagerKind } from '../platform/system/system.ts'
import type { ServiceFacts } from './service-facts.ts'
import type { ServiceFile } from './service-file.ts'

/** How one of the units is doing, in the manager's own words. */
export interface UnitStatus {
  readonly name: string
  readonly installed: boolean
  readonly enabled: boolean
  /** `active`, `inactive`, `failed`, `activating`, …; null when the manager does not know the unit or cannot be asked. */
  readonly state: string | null
  /** What went wrong last, null when nothing did. */
  readonly problem: string | null
  readonly pid: number | null
  /** How often the manager has started it again. */
  readonly restarts: number | null
}

export interface InstallOptions {
  /** True: with the restrictions; false: without; undefined: as it is. */
  readonly hardened: boolean | undefined
}

export interface InstallResult {
  /** Paths that were written. */
  readonly written: readonly string[]
  /** Paths of ours that were not wanted any more, and are gone. Both are empty when all was as it should be. */
  readonly removed: readonly string[]
}

interface UninstallResult {
  readonly removed: readonly string[]
  /** Files in their places that are not ours. */
  readonly left: readonly string[]
  /** Why the manager could not be reached; the files are gone all the same. */
  readonly problem: string | null
}

export interface ServiceManager {
  readonly kind: ManagerKind
  /** The files as they should be. */
  files(facts: ServiceFacts, options: InstallOptions): ServiceFile[]
  /** Where the files of an installation are. */
  paths(): string[]
  /** The commands that `install` would run for a first installation, for people. */
  commands(): string[]
  /** @throws ShareError `unavailable` with what to do instead when there is no such manager here, or it does not run */
  assertUsable(): Promise<void>
  /** Writes what differs, and starts or restarts what that concerns. Doing it again changes nothing. */
  install(facts: ServiceFacts, options: InstallOptions): Promise<InstallResult>
  /** Stops everything and removes every file of ours. */
  uninstall(): Promise<UninstallResult>
  status(): Promise<UnitStatus[]>
}

/**
 * Starts and stops what a service manager keeps: the daemon and the app-server, each by itself. All of them return when the manager has
 * done it; a start does not wait for the first answer. They throw `unavailable`, also when a signal ends the waiting: what was asked for
 * may still be done.
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
