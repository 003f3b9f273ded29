/** The control of the service manager that an installation belongs to. */

import type { Environment } from '../platform/runtime-dir.ts'
import type { ManagerKind } from '../platform/system/system.ts'
import { launchdControl } from './launchd/launchd-control.ts'
import type { ServiceControl } from './service-control.ts'
import { systemdControl } from './systemd/systemd-control.ts'

/** @param daemonSocket where clients connect: the daemon's */
export function findServiceControl(kind: ManagerKind, env: Environment, daemonSocket: string): ServiceControl {
  return kind === 'systemd' ? systemdControl(env, daemonSocket) : launchdControl(env)
}
