/**
 * Leaves when whoever reads our stdout has gone, for commands that may have nothing to write for hours. Node cannot wait for the other
 * end of a pipe to close, so on Linux the process that has it is looked up in /proc; elsewhere the next write finds out.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const lookEveryMs = 500
const accessMode = 0o3

/** Nothing is watched where stdout is no pipe, or its reader is another user's. */
export function leaveWhenReaderGoes(): void {
  if (process.platform !== 'linux') return
  const pipe = targetOf('/proc/self/fd/1')
  let reader = pipe?.startsWith('pipe:') ? findReader(pipe) : undefined
  if (pipe === undefined || reader === undefined) return
  const timer = setInterval(() => {
    const target = reader && targetOf(reader)
    if (target === pipe) return
    if (target === 'not ours') return clearInterval(timer)
    reader = findReader(pipe) // It may have handed the pipe on.
    if (reader === undefined) process.exit()
  }, lookEveryMs)
  timer.unref()
}

/** `/proc/PID/fd/N` of a process that has the pipe open for reading. */
function findReader(pipe: string): string | undefined {
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) continue
    const found = descriptorsOf(pid).find((fd) => targetOf(`/proc/${pid}/fd/${fd}`) === pipe && isForReading(pid, fd))
    if (found !== undefined) return `/proc/${pid}/fd/${found}`
  }
  return undefined
}

function descriptorsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`)
  } catch {
    return [] // Ended just now, or another user's.
  }
}

function isForReading(pid: string, fd: string): boolean {
  try {
    const [, flags = ''] = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8')) ?? []
    return (Number.parseInt(flags, 8) & accessMode) === 0
  } catch {
    return false // Closed just now.
  }
}

/** What a descriptor is open on; `not ours` when we may not look (any more), undefined when it is closed. */
function targetOf(descriptor: string): string | undefined {
  try {
    return readlinkSync(descriptor)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code === 'EACCES' || code === 'EPERM' ? 'not ours' : undefined
  }
}
