/** Where a daemon is reached: the user's own, one at a socket path, or one on another machine; the last two with `--server`. */
import { isAbsolute } from 'node:path'
import type { Places } from '../../platform/places/resolve-places.ts'
import { isSamePlace } from '../../platform/places/same-place.ts'
import { ShareError } from '../../protocol/errors.ts'
import { shellWord } from '../../protocol/text/shell-word.ts'
import { parseSshEndpoint, type SshEndpoint } from './ssh-endpoint.ts'

/** The user's own daemon: found from every environment, and started when missing. */
export interface OwnEndpoint {
  readonly kind: 'own'
  readonly path: string
  readonly places: Places
}

/** A daemon whose socket is on this machine. */
export type UnixEndpoint =
  | OwnEndpoint
  /** A socket somebody else keeps: never started from here. */
  | { readonly kind: 'given'; readonly path: string }

export type Endpoint = UnixEndpoint | SshEndpoint

/**
 * Reads `--server`; without it the user's own daemon.
 *
 * @throws ShareError `usage`
 */
export function parseEndpoint(server: string | undefined, places: Places): Endpoint {
  const own = ownEndpoint(places)
  if (server === undefined) return own
  if (server.startsWith('ssh://')) return parseSshEndpoint(server)
  const [, path] = /^unix:\/\/(.+)$/.exec(server) ?? []
  if (path === undefined || !isAbsolute(path))
    throw new ShareError(
      'usage',
      `--server takes unix:///path/to/daemon.sock or ssh://[user@]host[:port]: got “${server}”`,
    )
  return isSamePlace(path, places.daemonSocket) ? own : { kind: 'given', path }
}

export function ownEndpoint(places: Places): OwnEndpoint {
  return { kind: 'own', path: places.daemonSocket, places }
}

/** As it is named to people: `unix:///run/user/1000/codex-share/daemon.sock`, `ssh://me@build`. */
export function endpointName(endpoint: Pick<UnixEndpoint, 'path'> | SshEndpoint): string {
  return 'destination' in endpoint ? endpoint.name : `unix://${endpoint.path}`
}

/** What a command that is to be copied ends with, so that it reaches the same daemon: nothing for the user's own. */
export function serverFlag(endpoint: Endpoint): string {
  return endpoint.kind === 'own' ? '' : ` --server ${shellWord(endpointName(endpoint))}`
}
