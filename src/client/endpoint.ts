/** Where a daemon is reached: the user's own, or one at a socket path given with `--server`. */
import { isAbsolute } from 'node:path'
import type { Places } from '../platform/runtime-dir.ts'
import { ShareError } from '../protocol/errors.ts'

export type Endpoint =
  /** The user's own daemon: started when missing. */
  | { readonly kind: 'own'; readonly path: string; readonly places: Places }
  /** A socket somebody else keeps: never started from here. */
  | { readonly kind: 'given'; readonly path: string }

/**
 * Reads `--server`; without it the user's own daemon.
 *
 * @throws ShareError `usage`
 */
export function parseEndpoint(server: string | undefined, places: Places): Endpoint {
  const own: Endpoint = { kind: 'own', path: places.daemonSocket, places }
  if (server === undefined) return own
  if (server.startsWith('ssh://'))
    throw new ShareError('usage', `${server}: connecting over ssh is not possible yet`, {
      hint: 'Run the command on that machine, or give --server unix:///path/to/daemon.sock.',
    })
  const [, path] = /^unix:\/\/(.+)$/.exec(server) ?? []
  if (path === undefined || !isAbsolute(path))
    throw new ShareError('usage', `--server takes unix:///path/to/daemon.sock: got “${server}”`)
  return path === places.daemonSocket ? own : { kind: 'given', path }
}

/** As it is named to people: `unix:///run/user/1000/codex-share/daemon.sock`. */
export function endpointName({ path }: Pick<Endpoint, 'path'>): string {
  return `unix://${path}`
}
