/** What Node cannot ask the system by itself: who is at the other end of a Unix socket. The only file that calls the C library. */
import { closeSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'

/** The process that connected, as the kernel recorded it at that moment. */
export interface SocketCredentials {
  readonly uid: number
  /** In our pid namespace; 0 where the process is not visible from it. */
  readonly pid: number
}

interface SystemLibrary {
  /** The value of a socket option, or undefined where the kernel does not have it. */
  readonly option: (fd: number, level: number, name: number, bytes: number) => Buffer | undefined
  /** macOS: whether a profile of its sandbox confines the process. */
  readonly isSandboxed: (pid: number) => boolean
}

/** From `<sys/socket.h>` and `<sys/un.h>`. The Linux values are those of x86-64 and ARM. */
const linux = { level: 1, peerCred: 17, peerPidfd: 77 }
const darwin = { level: 0, peerCred: 1, peerPid: 2 }

let library: SystemLibrary | undefined

/** Loaded on first use: a daemon on a system without a binary for it must still start, and commands never need it. */
function load(): SystemLibrary {
  const koffi: typeof import('koffi') = createRequire(import.meta.url)('koffi')
  const c = koffi.load(null)
  const getsockopt = c.func(
    'int getsockopt(int fd, int level, int name, _Out_ uint8_t *value, _Inout_ uint32_t *length)',
  )
  const sandboxCheck =
    process.platform === 'darwin'
      ? c.func('int sandbox_check(int pid, const char *operation, int type, ...)')
      : undefined
  return {
    option: (fd, level, name, bytes) => {
      const value = Buffer.alloc(bytes)
      return getsockopt(fd, level, name, value, [bytes]) === 0 ? value : undefined
    },
    // Without an operation it is asked whether there is a profile at all.
    isSandboxed: (pid) => sandboxCheck?.(pid, null, 0) !== 0,
  }
}

/**
 * @returns undefined when the socket is closed, or the kernel says nothing
 * @throws Error when there is no binary of the library for this system
 */
export function readCredentials(socket: Socket): SocketCredentials | undefined {
  library ??= load()
  const fd = descriptorOf(socket)
  if (fd === undefined) return undefined
  return process.platform === 'darwin' ? readOnMac(library, fd) : readOnLinux(library, fd)
}

/**
 * Whether the process that connected still runs. What was read about its pid before this call is about that very process then, and
 * not about another that was given the pid since.
 *
 * @returns undefined where the kernel cannot tell: Linux before 6.5, macOS
 */
export function isStillRunning(socket: Socket, { pid }: SocketCredentials): boolean | undefined {
  const fd = descriptorOf(socket)
  if (fd === undefined) return false
  if (process.platform !== 'linux') return undefined
  const pidfd = library?.option(fd, linux.level, linux.peerPidfd, 4)?.readInt32LE(0)
  if (pidfd === undefined) return undefined
  try {
    // The kernel shows -1 for a process that has ended.
    return /^Pid:\s*(-?\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${pidfd}`, 'utf8'))?.[1] === String(pid)
  } finally {
    closeSync(pidfd)
  }
}

export function isSandboxedOnMac(pid: number): boolean {
  return library?.isSandboxed(pid) !== false
}

/** `struct ucred { pid_t pid; uid_t uid; gid_t gid; }` */
function readOnLinux({ option }: SystemLibrary, fd: number): SocketCredentials | undefined {
  const value = option(fd, linux.level, linux.peerCred, 12)
  return value && { pid: value.readInt32LE(0), uid: value.readUInt32LE(4) }
}

/** `struct xucred { u_int cr_version; uid_t cr_uid; … }`, as Apple documents it; never run on a Mac. */
function readOnMac({ option }: SystemLibrary, fd: number): SocketCredentials | undefined {
  const value = option(fd, darwin.level, darwin.peerCred, 76)
  const pid = option(fd, darwin.level, darwin.peerPid, 4)?.readInt32LE(0)
  return value && pid !== undefined ? { pid, uid: value.readUInt32LE(4) } : undefined
}

/** Node gives the descriptor of a socket in no other way. */
function descriptorOf(socket: Socket): number | undefined {
  const handle: unknown = Reflect.get(socket, '_handle')
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined
  return typeof fd === 'number' && fd >= 0 ? fd : undefined
}
