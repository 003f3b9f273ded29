/** Linux: what the kernel shows in /proc, and says of a socket. */
import { closeSync, readFileSync } from 'node:fs'
import { readdir, readFile, readlink } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { descriptorOf, socketOption } from './c-library.ts'
import { countCommonFilters, isConfined, restraintsOf } from './confinement.ts'
import { runTool } from './run-tool.ts'
import type { ProcessUsage, ProcessWithFile, SocketPeer, System } from './system.ts'

export const linux: System = {
  name: 'linux',
  manager: 'systemd',
  socketPathLimit: 107,
  hasXdgFolders: true,
  refusesWhenCrowded: false,
  bootId,
  startTokenOf,
  folderOf: async (pid) => await readlink(`/proc/${pid}/cwd`).catch(() => undefined),
  environmentOf,
  usageOf,
  processWithFile,
  isPersonAtTerminal: async (pid) => isInForeground(pid) && (await readsKeyByKey(pid)),
  peerOf,
  descriptorLimit() {
    try {
      return descriptorLimitIn(readFileSync('/proc/self/limits', 'utf8'))
    } catch {
      return undefined
    }
  },
  isConfinedHere() {
    const own = restraintsOf('self')
    return own !== undefined && isConfined(own, 0)
  },
}

function bootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return undefined // A container that hides it.
  }
}

/** Clock ticks from boot to start, and which boot: the name of the program in between may itself hold spaces and brackets. */
async function startTokenOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined) // It has gone.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, startTicks] = [fields?.[0], fields?.[19]]
  if (state === undefined || startTicks === undefined || state === 'Z' || state === 'X') return undefined
  return `${bootId() ?? 'unknown'}:${startTicks}`
}

async function environmentOf(pid: number): Promise<Record<string, string> | undefined> {
  const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => undefined)
  if (!text) return undefined
  const entries = text.split('\0').filter((entry) => entry.includes('='))
  return Object.fromEntries(entries.map((entry) => entry.split(/=(.*)/s, 2) as [string, string]))
}

async function usageOf(pid: number): Promise<ProcessUsage | undefined> {
  try {
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8')
    const [status, limits, open] = await Promise.all([read('status'), read('limits'), readdir(`/proc/${pid}/fd`)])
    const kibibytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]
    if (kibibytes === undefined) return undefined // A zombie.
    return {
      residentBytes: Number(kibibytes) * 1024,
      descriptors: { open: open.length, most: descriptorLimitIn(limits) ?? null },
    }
  } catch {
    return undefined
  }
}

function descriptorLimitIn(limits: string): number | undefined {
  const limit = /^Max open files +(\d+)/m.exec(limits)?.[1]
  return limit === undefined ? undefined : Number(limit)
}

/** Looks at the user's own processes; what may not be looked at (other users' processes) has nothing in it for us. */
async function processWithFile(text: string): Promise<ProcessWithFile | undefined> {
  const list = (folder: string) => readdir(folder).catch(() => [])
  for (const pid of (await list('/proc')).map(Number)) {
    if (!Number.isInteger(pid)) continue
    for (const fd of await list(`/proc/${pid}/fd`)) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '') // Closed meanwhile.
      if (target.includes(text)) return { pid, command: await commandOf(pid) }
    }
  }
  return undefined
}

async function commandOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') // Ended meanwhile.
  return text.replaceAll('\0', ' ').trim()
}

/** `/proc/PID/stat`, behind the name: state ppid pgrp session tty_nr tpgid … */
function isInForeground(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return terminal !== '0' && group === foreground
  } catch {
    return false // It has ended.
  }
}

async function readsKeyByKey(pid: number): Promise<boolean> {
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' }
  const { stdout } = await runTool('stty', ['-F', `/proc/${pid}/fd/0`, '-a'], { env, timeoutMs: 2000 })
  return /(^|\s)-icanon\b/.test(stdout)
}

/** From `<sys/socket.h>`: the values of x86-64 and ARM. */
const solSocket = 1
const soPeerCred = 17
const soPeerPidfd = 77

let commonFilters: number | undefined

/** `struct ucred { pid_t pid; uid_t uid; gid_t gid; }` */
function peerOf(socket: Socket): SocketPeer | undefined {
  const credentials = socketOption(socket, solSocket, soPeerCred, 12)
  if (!credentials) return undefined
  const pid = credentials.readInt32LE(0)
  return {
    pid,
    uid: credentials.readUInt32LE(4),
    isConfined() {
      commonFilters ??= countCommonFilters()
      const restraints = restraintsOf(pid)
      return restraints && isConfined(restraints, commonFilters)
    },
    stillRuns: () => stillRuns(socket, pid),
  }
}

/** Undefined before Linux 6.5. */
function stillRuns(socket: Socket, pid: number): boolean | undefined {
  const pidfd = socketOption(socket, solSocket, soPeerPidfd, 4)?.readInt32LE(0)
  if (pidfd === undefined) return descriptorOf(socket) === undefined ? false : undefined
  try {
    // The kernel shows -1 for a process that has ended.
    return /^Pid:\s*(-?\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${pidfd}`, 'utf8'))?.[1] === String(pid)
  } finally {
    closeSync(pidfd)
  }
}
