/** Finds the service manager that this system has for us. */
import type { Environment, Places } from '../platform/places/resolve-places.ts'
import { thisSystem } from '../platform/system/this-system.ts'
import { ShareError } from '../protocol/errors.ts'
import { launchdManager } from './launchd/launchd-manager.ts'
import type { ServiceManager } from './service-manager.ts'
import { systemdManager } from './systemd/systemd-manager.ts'

/** @throws ShareError `unavailable` on systems that have neither of the two */
export function findManager(env: Environment, places: Places, { name, manager } = thisSystem): ServiceManager {
  if (manager === 'systemd') return systemdManager(env)
  if (manager === 'launchd') return launchdManager(env, places)
  throw new ShareError('unavailable', `there is no service manager that we know of on ${name}`, {
    hint: 'Nothing has to be installed: every command starts the daemon when it is missing.',
  })
}
