/**
 * macOS: what its own tools say, and the kernel of a socket. Written from Apple's manuals and headers; see the README for what ran where.
 */
import { execFileSync } from 'node:child_process'
import type { Socket } from 'node:net'
import { descriptorOf, isSandboxed, resourceLimit, socketOption } from './c-library.ts'
import { runTool } from './run-tool.ts'
import type { ProcessWithFile, SocketPeer, System } from './system.ts'

/** Where macOS has its tools; `lsof` and `sysctl` are in the last. */
const ownTools = '/bin:/usr/bin:/usr/sbin'

/** @param tools the folders in which `ps`, `lsof`, `stty` and `sysctl` are looked for */
export function darwinSystem(tools = ownTools): System {
  // UTC: a start in local time is another one once the time zone changes. And the same in every language.
  const env = { PATH: tools, LC_ALL: 'C', TZ: 'UTC' }
  const ask = async (program: string, ...args: string[]) =>
    (await runTool(program, args, { env, timeoutMs: 5000 })).stdout.trim()
  /** Lines of `lsof -F`: a letter that says what it is, and the value. */
  const openFiles = async (...args: string[]) => (await ask('lsof', '-nPw', ...args)).split('\n')

  const fileOf = async (pid: number, descriptor: string) => {
    const lines = await openFiles('-a', '-p', String(pid), '-d', descriptor, '-Fn')
    return lines.find((line) => line.startsWith('n'))?.slice(1)
  }

  const processWithFile = async (text: string): Promise<ProcessWithFile | undefined> => {
    let pid = 0
    for (const line of await openFiles('-u', String(process.getuid?.()), '-Fpn')) {
      if (line.startsWith('p')) pid = Number(line.slice(1))
      else if (line.startsWith('n') && line.includes(text))
        return { pid, command: await ask('ps', '-ww', '-o', 'args=', '-p', String(pid)) }
    }
    return undefined
  }

  return {
    name: 'darwin',
    manager: 'launchd',
    socketPathLimit: 103,
    hasXdgFolders: false,
    refusesWhenCrowded: true,
    bootId() {
      try {
        return execFileSync('sysctl', ['-n', 'kern.bootsessionuuid'], { env, encoding: 'utf8' }).trim() || undefined
      } catch {
        return undefined
      }
    },
    /** To the second, which is what `ps` gives. */
    async startTokenOf(pid) {
      const [state = 'Z', ...started] = (await ask('ps', '-o', 'stat=,lstart=', '-p', String(pid))).split(/\s+/)
      return state === '' || state.startsWith('Z') || started.length === 0 ? undefined : started.join(' ')
    },
    folderOf: (pid) => fileOf(pid, 'cwd'),
    environmentOf: async () => undefined,
    usageOf: async () => undefined,
    processWithFile,
    async isPersonAtTerminal(pid) {
      // The mark of a process in the foreground of its terminal.
      if (!(await ask('ps', '-o', 'stat=', '-p', String(pid))).includes('+')) return false
      const terminal = await fileOf(pid, '0')
      if (!terminal?.startsWith('/dev/')) return false
      return /(^|\s)-icanon\b/.test(await ask('stty', '-f', terminal, '-a'))
    },
    peerOf,
    descriptorLimit: () => resourceLimit(rlimitNofile),
    isConfinedHere: () => isSandboxed(process.pid),
  }
}

/** From `<sys/resource.h>`. */
const rlimitNofile = 8
/** From `<sys/un.h>`. */
const solLocal = 0
const localPeerCred = 1
const localPeerPid = 2

/** `struct xucred { u_int cr_version; uid_t cr_uid; short cr_ngroups; gid_t cr_groups[16]; }` */
function peerOf(socket: Socket): SocketPeer | undefined {
  const credentials = socketOption(socket, solLocal, localPeerCred, 76)
  const pid = socketOption(socket, solLocal, localPeerPid, 4)?.readInt32LE(0)
  if (!credentials || pid === undefined) return undefined
  return {
    pid,
    uid: credentials.readUInt32LE(4),
    isConfined: () => isSandboxed(pid),
    stillRuns: () => (descriptorOf(socket) === undefined ? false : undefined),
  }
}
