/** Whether API keys of this environment are others than the app-server's, which keeps those that it was started with. */

import type { Environment } from '../platform/places/resolve-places.ts'
import { changedKeys } from '../platform/settings/key-digests.ts'
import type { DaemonStatus } from '../protocol/status.ts'
import type { DaemonLink } from './daemon-link.ts'

export interface RotatedKeys {
  readonly names: readonly string[]
  readonly what: string
  readonly fix: string
}

/** Undefined where they are the same, or the app-server's are not known. */
export function rotatedKeys(
  { keys, startedAt }: Pick<DaemonStatus['appServer'], 'keys' | 'startedAt'>,
  env: Environment,
): RotatedKeys | undefined {
  const names = keys ? changedKeys(keys, env) : []
  if (names.length === 0) return undefined
  const since = startedAt ? ` at ${startedAt.replace(/\.\d+Z$/, 'Z')}` : ''
  return {
    names,
    what: `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} not what the app-server was started with${since}`,
    fix: '`codex-share daemon restart --app-server` gives it those of this shell.',
  }
}

/** What helps where the model provider did not let Codex in. */
export async function unauthorizedHint(link: DaemonLink, env: Environment): Promise<string> {
  const status = await link.read((client) => client.call('share/status', {})).catch(() => undefined) // Then the general advice.
  const { appServer } = status ?? {}
  // On another machine our environment means nothing.
  const rotated = appServer && !link.isRemote ? rotatedKeys(appServer, env) : undefined
  if (rotated) return `${rotated.what}: ${rotated.fix}`
  if (appServer?.keys === null)
    return 'The app-server has the environment of the service manager: set its API key with `systemctl --user edit codex-share-app-server.service` (on macOS `launchctl setenv`), then run `codex-share daemon restart --app-server`.'
  return 'Log in with `codex login`, or set the API key in this shell; then run `codex-share daemon restart --app-server`.'
}
