/** The limits of both sockets: what the settings say, or less where the process may not have so many descriptors. */
import type { Logger } from '../../platform/logging/log.ts'
import { thisSystem } from '../../platform/system/this-system.ts'
import { ConnectionLimit } from './connection-limit.ts'

export interface ConnectionLimits {
  readonly daemon: ConnectionLimit
  readonly codex: ConnectionLimit
}

/** For the ledger, the log, the app-server's link, and what is opened for a moment, such as the pipes of a program that is started. */
const reserved = 44
/** One for a connection to `daemon.sock`, and two for one to `codex.sock`, which has a link of its own to the app-server. */
const perPair = 3
const least = 4

/** @param descriptors that the process may have open; undefined for any number */
export function mostConnections(wanted: number, descriptors = Number.POSITIVE_INFINITY): number {
  return Math.min(wanted, Math.max(least, Math.floor((descriptors - reserved) / perPair)))
}

/** `wanted` is how many connections each socket is to take. */
export function limitConnections(wanted: number, log: Pick<Logger, 'warn'>): ConnectionLimits {
  const descriptors = thisSystem.descriptorLimit()
  const most = mostConnections(wanted, descriptors)
  if (most < wanted)
    log.warn(
      `each socket takes ${most} connections and not ${wanted}: this process may have ${descriptors} files open (\`ulimit -n\`)`,
    )
  const onTrouble = (message: string) => log.warn(message)
  return {
    daemon: new ConnectionLimit({ name: 'daemon.sock', most, onTrouble }),
    codex: new ConnectionLimit({ name: 'codex.sock', most, onTrouble }),
  }
}
