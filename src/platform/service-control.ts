/** Starts and stops what the service manager keeps: the daemon and the app-server, each by itself. */

import { launchdControl } from './launchd-control.ts'
import type { Environment } from './runtime-dir.ts'
import type { ManagerKind } from './service-units.ts'
import { systemdControl } from './systemd-control.ts'

/** All of them return when the manager has done it; a start does not wait for the first answer. They throw `unavailable`. */
export interface ServiceControl {
  readonly kind: ManagerKind
  startDaemon(): Promise<void>
  restartDaemon(): Promise<void>
  stopDaemon(): Promise<void>
  startAppServer(): Promise<void>
  restartAppServer(): Promise<void>
  stopAppServer(): Promise<void>
}

export function serviceControl(kind: ManagerKind, env: Environment): ServiceControl {
  return kind === 'systemd' ? systemdControl(env) : launchdControl(env)
}
