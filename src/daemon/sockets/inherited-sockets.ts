/** The listening sockets that systemd hands over, by the paths they are bound to. */
import { readFileSync, readlinkSync } from 'node:fs'

const firstDescriptor = 3

/**
 * Takes the sockets that are meant for this process, and the variables that say so out of the environment: what is started from here
 * would take them for its own. Paths are the kernel's, so that neither order nor names can be mistaken.
 *
 * @param env the process's own, changed
 * @returns descriptors by path; empty when nothing was handed over
 */
export function takeInheritedSockets(env: NodeJS.ProcessEnv, pid: number): ReadonlyMap<string, number> {
  const { LISTEN_PID, LISTEN_FDS = '0' } = env
  for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) delete env[name]
  const count = Number(LISTEN_FDS)
  if (Number(LISTEN_PID) !== pid || !Number.isInteger(count) || count < 1) return new Map()
  const paths = listeningPaths(readFileSync('/proc/self/net/unix', 'utf8'))
  const sockets = new Map<string, number>()
  for (let fd = firstDescriptor; fd < firstDescriptor + count; fd += 1) {
    const path = paths.get(inodeOf(fd))
    if (path !== undefined) sockets.set(path, fd)
  }
  return sockets
}

/** Inode to path, of the sockets that listen. A line is `Num: RefCount Protocol Flags Type St Inode Path`. */
export function listeningPaths(table: string): ReadonlyMap<string, string> {
  const listening = /^\S+: \S+ \S+ 0*10000 \S+ \S+ +(\d+) (\/.*)$/gm
  return new Map([...table.matchAll(listening)].map(([, inode = '', path = '']) => [inode, path]))
}

function inodeOf(fd: number): string {
  return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? ''
}
