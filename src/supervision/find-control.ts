/** The control of the service manager that an installation belongs to: what every command needs, without what installs. */
import type { Environment, Places } from '../platform/places/resolve-places.ts'
import type { ManagerKind } from '../platform/system/system.ts'
import { launchdControl } from './launchd/launchd-control.ts'
import type { ServiceControl } from './service-manager.ts'
import { systemdControl } from './systemd/systemd-control.ts'

/** @param places the daemon's */
export function findServiceControl(kind: ManagerKind, env: Environment, places: Places): ServiceControl {
  return kind === 'systemd' ? systemdControl(env, places.daemonSocket) : launchdControl(env, places)
}
