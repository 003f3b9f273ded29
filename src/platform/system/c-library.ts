/** Asks the system what Node cannot. The only file that calls the C library. */
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'

type CLibrary = import('koffi').LibraryHandle

let library: CLibrary | undefined
type Call = ReturnType<CLibrary['func']>
let getsockopt: Call | undefined
let poll: Call | undefined

/** Loaded on first use: a daemon on a system without a binary for it must still start, and commands never need it. */
function load(): CLibrary {
  const koffi: typeof import('koffi') = createRequire(import.meta.url)('koffi')
  library ??= koffi.load(null)
  return library
}

/**
 * The value of a socket's option; undefined where the socket is closed, or the kernel does not have the option.
 *
 * @throws Error when there is no binary of the library for this system
 */
export function socketOption(socket: Socket, level: number, name: number, bytes: number): Buffer | undefined {
  getsockopt ??= load().func(
    'int getsockopt(int fd, int level, int name, _Out_ uint8_t *value, _Inout_ uint32_t *length)',
  )
  const fd = descriptorOf(socket)
  if (fd === undefined) return undefined
  const value = Buffer.alloc(bytes)
  return getsockopt(fd, level, name, value, [bytes]) === 0 ? value : undefined
}

/** What the process may have of a resource now; undefined where that cannot be found out, or has no end. */
export function resourceLimit(resource: number): number | undefined {
  try {
    // `struct rlimit { rlim_t rlim_cur; rlim_t rlim_max; }`, of 64 bits each.
    const limits = Buffer.alloc(16)
    if (load().func('int getrlimit(int resource, _Out_ uint8_t *limits)')(resource, limits) !== 0) return undefined
    const now = limits.readBigUInt64LE(0)
    return now > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(now)
  } catch {
    return undefined // Without a binary of the library for this system the daemon starts all the same.
  }
}

const lockExclusive = 2
const lockNonBlocking = 4

/**
 * Takes the whole file's lock for this descriptor; false where another process has it. It is given back when the descriptor is closed.
 *
 * @throws Error when there is no binary of the library for this system
 */
export function tryFlock(fd: number): boolean {
  return load().func('int flock(int fd, int operation)')(fd, lockExclusive | lockNonBlocking) === 0
}

const pollOut = 4
const pollErrOrHup = 8 | 16

/**
 * Whether nobody reads any more what is written to the descriptor, a pipe or a socket.
 *
 * @throws Error when there is no binary of the library for this system
 */
export function isReaderGone(fd: number): boolean {
  poll ??= load().func('int poll(_Inout_ uint8_t *fds, unsigned long count, int timeout)')
  // `struct pollfd { int fd; short events; short revents; }`. macOS looks only at what it is asked for.
  const entry = Buffer.alloc(8)
  entry.writeInt32LE(fd, 0)
  entry.writeInt16LE(pollOut, 4)
  return poll(entry, 1, 0) > 0 && (entry.readInt16LE(6) & pollErrOrHup) !== 0
}

/** macOS: whether a profile of its sandbox confines the process. */
export function isSandboxed(pid: number): boolean {
  const check = load().func('int sandbox_check(int pid, const char *operation, int type, ...)')
  // Without an operation it is asked whether there is a profile at all.
  return check(pid, null, 0) !== 0
}

/**
 * To be called once by a program that uses this: where the library was loaded, the process ends without what libraries do at its end. The
 * library syncs stdout and stderr then, and where that fails, as on a broken disk, it waits for ever.
 */
export function endAtOnce(): void {
  let isCrash = false
  // Node prints the error behind the listeners, and would not come to it.
  process.once('uncaughtExceptionMonitor', () => {
    isCrash = true
  })
  const onExit = (code: number) => {
    if (!library || isCrash) return
    const listeners = process.rawListeners('exit')
    for (const listener of listeners.slice(listeners.indexOf(onExit) + 1)) listener.call(process, code)
    library.func('void _exit(int status)')(Number(process.exitCode ?? code))
  }
  process.on('exit', onExit)
}

/** Node gives the descriptor of a socket in no other way. */
export function descriptorOf(socket: Socket): number | undefined {
  const handle: unknown = Reflect.get(socket, '_handle')
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined
  return typeof fd === 'number' && fd >= 0 ? fd : undefined
}
