/** Finds out whether a service manager keeps the daemon of these places: then it alone starts it. */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { Environment, Places } from '../platform/places/resolve-places.ts'
import { isSamePlace } from '../platform/places/same-place.ts'
import type { ManagerKind } from '../platform/system/system.ts'
import { thisSystem } from '../platform/system/this-system.ts'
import { variableIn } from './launchd/property-list.ts'
import { launchdLabels, systemdUnits } from './service-units.ts'

/** Where the user's own units are. */
export function systemdFolder(env: Environment): string {
  const { XDG_CONFIG_HOME: config } = env
  return join(config && isAbsolute(config) ? config : join(homedir(), '.config'), 'systemd', 'user')
}

export function launchdFolder({ HOME: home }: Environment): string {
  return join(home || homedir(), 'Library', 'LaunchAgents')
}

/** Looks at the files alone, which takes no time. A service for another runtime folder is none for these places. */
export function installedService(
  env: Environment,
  { daemonSocket, runtimeDir }: Places,
  { manager } = thisSystem,
): ManagerKind | undefined {
  if (manager === 'launchd') {
    const agent = textOf(join(launchdFolder(env), `${launchdLabels.daemon}.plist`)) ?? ''
    const folder = variableIn(agent, 'CODEX_SHARE_RUNTIME_DIR')
    return folder !== undefined && isSamePlace(folder, runtimeDir) ? 'launchd' : undefined
  }
  const unit = textOf(join(systemdFolder(env), systemdUnits.socket))
  const path = /^ListenStream=(.*)$/m.exec(unit ?? '')?.[1]?.replaceAll('%%', '%')
  return path !== undefined && isSamePlace(path, daemonSocket) ? 'systemd' : undefined
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined // Not installed, which is how most people have it.
  }
}
