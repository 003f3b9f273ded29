/** Reads `ssh://[user@]host[:port][/path/to/daemon.sock]`. */
import { ShareError } from '../../protocol/errors.ts'

export interface SshEndpoint {
  readonly kind: 'ssh'
  /** As it was given. */
  readonly name: string
  /** For ssh: a host that may be one of the user's ssh config, with the user in front where one was given. */
  readonly destination: string
  readonly port: string | null
  /** Of the socket there; null for the user's own daemon there. */
  readonly path: string | null
}

const form = /^ssh:\/\/(?:([^@/\s]+)@)?(\[[\da-fA-F:.%]+\]|[^@:/\s[\]]+)(?::(\d{1,5}))?(\/.*)?$/s

/**
 * ssh would take a destination that begins with a dash for an option, and options can run programs.
 *
 * @throws ShareError `usage`
 */
export function parseSshEndpoint(server: string): SshEndpoint {
  const [, user, host, port, path = '/'] = form.exec(server) ?? []
  if (host === undefined || host.startsWith('-') || user?.startsWith('-') || user?.includes(':'))
    throw new ShareError('usage', `--server takes ssh://[user@]host[:port][/path/to/daemon.sock]: got “${server}”`, {
      ...(user?.includes(':') && { hint: 'A password does not belong there: ssh asks for it, or uses your keys.' }),
    })
  const name = host.replace(/^\[(.*)\]$/, '$1')
  return {
    kind: 'ssh',
    name: server,
    destination: user === undefined ? name : `${user}@${name}`,
    port: port ?? null,
    path: path === '/' ? null : path,
  }
}
