/** Versions: of the program, and of what travels on `daemon.sock`. */
import manifest from '../../package.json' with { type: 'json' }

/** The program's own version, from package.json. */
export const programVersion: string = manifest.version

/** With it, and its version, the daemon answers a WebSocket on its sockets for stock clients; an app-server does not. */
export const daemonHeader = 'x-codex-share'

/** The span of protocol versions this program speaks; both sides send theirs and the highest common one is used. */
export const protocolVersions = { min: 1, max: 1 } as const

/** The highest version both sides speak, or undefined when the spans do not meet. */
export function agreeOnProtocol(theirs: { readonly min: number; readonly max: number }): number | undefined {
  const highest = Math.min(theirs.max, protocolVersions.max)
  return highest >= Math.max(theirs.min, protocolVersions.min) ? highest : undefined
}
