/** Looks for programs that would run a command for an agent that cannot connect to us, where its sandbox has network access. */
import { readdirSync, realpathSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { userName } from '../../platform/places/user-name.ts'
import { type BrokerUser, brokerPlaces } from '../broker-places.ts'
import type { Check } from '../check.ts'
import { type Finding, ok } from '../finding.ts'
import { isSocketAlive } from '../is-socket-alive.ts'

/** Nobody has more of one kind; a folder that is full of sockets is not to become a flood of connections. */
const mostOfAKind = 32

export const brokers: Check = {
  name: 'Brokers',
  run: async ({ env }) =>
    judgeBrokers(await findBrokers({ env, uid: process.getuid?.(), name: userName(), home: homedir() })),
}

export interface Broker {
  readonly name: string
  /** Those at which somebody answers. */
  readonly sockets: readonly string[]
}

export function findBrokers(user: BrokerUser): Promise<Broker[]> {
  const found = brokerPlaces(user).map(async ({ name, sockets, folders }): Promise<Broker> => {
    const there = [...sockets.filter(isSocket), ...folders.flatMap((folder) => socketsIn(folder, 1))]
    const apart = [...new Map(there.map((path) => [realPath(path), path])).values()].slice(0, mostOfAKind)
    const answers = await Promise.all(apart.map(isSocketAlive))
    return { name, sockets: apart.filter((_, index) => answers[index]) }
  })
  return Promise.all(found)
}

export function judgeBrokers(found: readonly Broker[]): Finding[] {
  const brokers = found.filter(({ sockets }) => sockets.length > 0)
  if (brokers.length === 0) return [ok('no program that would run commands for a sandboxed agent')]
  return brokers.map(({ name, sockets: [first = '', ...others] }) => ({
    level: 'note',
    what: `${name} can be asked to run commands (${first.replace('\0', '@')}${others.length > 0 ? ` and ${others.length} more` : ''})`,
    why: 'Only where a thread’s sandbox has network access: a command of its agent can connect there, and what is run for it is outside the sandbox and may use the daemon.',
    fix: 'Leave `network_access` off in such threads, or stop it while they work.',
  }))
}

function socketsIn(folder: string, deeper: number): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory() && deeper > 0) return socketsIn(path, deeper - 1)
      return isSocket(path) ? [path] : []
    })
  } catch {
    return [] // Not there, or not for us to look into: then we cannot connect to what is in it.
  }
}

/** An abstract name is in no folder; whether somebody has it is seen when connecting. */
function isSocket(path: string): boolean {
  try {
    return path.startsWith('\0') || statSync(path).isSocket()
  } catch {
    return false
  }
}

/** The same socket is often named twice, as /run and /var/run are one folder. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
