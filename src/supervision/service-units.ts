/** The names under which the service managers know us, and the exit codes that mean something to them. */
import { join } from 'node:path'
import type { Environment, Places } from '../platform/places/resolve-places.ts'

export const systemdUnits = {
  socket: 'codex-share.socket',
  daemon: 'codex-share.service',
  appServer: 'codex-share-app-server.service',
} as const

export const launchdLabels = {
  daemon: 'codex-share.daemon',
  appServer: 'codex-share.app-server',
} as const

/**
 * Variables of the app-server that a person adds, such as API keys and proxies, in lines of NAME=value: launchd has no drop-ins. The
 * agent's file names it, too.
 */
export function appServerVariables({ configDir }: Pick<Places, 'configDir'>): string {
  return join(configDir, 'app-server.env')
}

/**
 * The program's own refusals (settings, folders, a ledger in use), a program that is gone, a Node that cannot run: starting again would
 * not help. The unit of systemd has the same list.
 */
export const refusals: ReadonlySet<number> = new Set([2, 5, 9, 78, 126, 127])

/** launchd has no such list, and starts again whatever does not end well. */
export function exitCodeUnder({ CODEX_SHARE_SERVICE: manager }: Environment, code: number): number {
  return manager === 'launchd' && refusals.has(code) ? 0 : code
}
