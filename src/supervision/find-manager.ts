/** Which service manager this system has for us. */
import type { Environment, Places } from '../platform/runtime-dir.ts'
import { ShareError } from '../protocol/errors.ts'
import { launchdManager } from './launchd/launchd-manager.ts'
import type { ServiceManager } from './service-manager.ts'
import { systemdManager } from './systemd/systemd-manager.ts'

/** @throws ShareError `unavailable` on systems that have neither of the two */
export function findManager(
  env: Environment,
  places: Places,
  platform: NodeJS.Platform = process.platform,
): ServiceManager {
  if (platform === 'linux') return systemdManager(env)
  if (platform === 'darwin') return launchdManager(env, places)
  throw new ShareError('unavailable', `there is no service manager for ${platform} here`, {
    hint: 'Nothing has to be installed: every command starts the daemon when it is missing.',
  })
}
