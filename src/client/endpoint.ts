/** Where a daemon is reached: the user's own, one at a socket path, or one on another machine; the last two with `--server`. */
import { isAbsolute } from 'node:path'
import type { Places } from '../platform/runtime-dir.ts'
import { ShareError } from '../protocol/errors.ts'
import { parseSshEndpoint, type SshEndpoint } from './ssh-endpoint.ts'

/** A daemon whose socket is on this machine. */
export type UnixEndpoint =
  /** The user's own daemon: started when missing. */
  | { readonly kind: 'own'; readonly path: string; readonly places: Places }
  /** A socket somebody else keeps: never started from here. */
  | { readonly kind: 'given'; readonly path: string }

export type Endpoint = UnixEndpoint | SshEndpoint

/**
 * Reads `--server`; without it the user's own daemon.
 *
 * @throws ShareError `usage`
 */
export function parseEndpoint(server: string | undefined, places: Places): Endpoint {
  const own: Endpoint = { kind: 'own', path: places.daemonSocket, places }
  if (server === undefined) return own
  if (server.startsWith('ssh://')) return parseSshEndpoint(server)
  const [, path] = /^unix:\/\/(.+)$/.exec(server) ?? []
  if (path === undefined || !isAbsolute(path))
    throw new ShareError(
      'usage',
      `--server takes unix:///path/to/daemon.sock or ssh://[user@]host[:port]: got “${server}”`,
    )
  return path === places.daemonSocket ? own : { kind: 'given', path }
}

/** As it is named to people: `unix:///run/user/1000/codex-share/daemon.sock`, `ssh://me@build`. */
export function endpointName(endpoint: Pick<UnixEndpoint, 'path'> | SshEndpoint): string {
  return 'destination' in endpoint ? endpoint.name : `unix://${endpoint.path}`
}
