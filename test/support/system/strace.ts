/** Watches the system calls of one thread of a process with strace: counts them, makes one fail, or ends the process at one. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'

export type FaultEffect = 'ENOSPC' | 'EIO' | 'EMFILE' | 'EACCES' | 'SIGKILL'

export interface Fault {
  /** As strace names it: `pwrite64`, `fdatasync`, `rename`. */
  readonly call: string
  /** Only calls on these files; empty for all. */
  readonly paths: readonly string[]
  /** `ENOSPC`: the call fails, and all behind it until the fault is lifted. Others: this one call. `SIGKILL`: the process ends as it begins. */
  readonly effect: FaultEffect
  /** Which call it is, from 1. */
  readonly at: number
}

export interface TracedThread {
  /** Ends the watching. Returns the calls that were made, or just the one that was struck, each as strace writes it. */
  lift(): Promise<string[]>
}

/** Why it cannot be had here; null when it can. */
export function noStrace(): string | null {
  const { status, stderr, error } = spawnSync('strace', ['-o', '/dev/null', 'true'])
  if (status === 0) return null
  return error?.message ?? stderr.toString('utf8').trim()
}

/** Makes one call of the thread fail. strace counts per thread, so that a whole process cannot be asked for its nth call. */
export function injectFault(thread: number, fault: Fault): Promise<TracedThread> {
  const { call, paths, effect, at } = fault
  const what =
    effect === 'SIGKILL' ? `signal=KILL:when=${at}` : `error=${effect}:when=${at}${effect === 'ENOSPC' ? '+' : ''}`
  const isStruck = (said: string) => (effect === 'SIGKILL' ? /killed by SIGKILL/ : /\(INJECTED\)/).test(said)
  return attach(thread, [`trace=${call}`, `inject=${call}:${what}`], paths, (said) => {
    const calls = callsIn(said)
    const struck = effect === 'SIGKILL' ? calls.at(-1) : calls.find((line) => line.includes('(INJECTED)'))
    return isStruck(said) ? [struck ?? 'the call was not written down'] : []
  })
}

/** Writes down the calls of the thread. */
export function watchCalls(thread: number, calls: readonly string[], paths: readonly string[]): Promise<TracedThread> {
  return attach(thread, [`trace=${calls.join(',')}`], paths, callsIn)
}

/** Of a thread whose name begins so: Node has one for its pool where UV_THREADPOOL_SIZE is 1. */
export function threadNamed(pid: number, name: string): number | undefined {
  const nameOf = (tid: string) => readFileSync(`/proc/${pid}/task/${tid}/comm`, 'utf8')
  const found = readdirSync(`/proc/${pid}/task`).find((tid) => nameOf(tid).startsWith(name))
  return found === undefined ? undefined : Number(found)
}

/** Resolves when the thread is watched. */
async function attach(
  thread: number,
  expressions: readonly string[],
  paths: readonly string[],
  read: (said: string) => string[],
): Promise<TracedThread> {
  const args = ['-y', '-p', String(thread), ...expressions.flatMap((text) => ['-e', text])]
  const strace = spawn('strace', [...args, ...paths.flatMap((path) => ['-P', path])], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    strace.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (/Process \d+ attached/.test(said)) resolve()
    })
    strace.once('close', () => reject(new Error(`strace ended: ${said}`)))
  })
  return {
    lift: async () => {
      await endTracing(strace)
      return read(said)
    },
  }
}

function callsIn(said: string): string[] {
  return said.split('\n').filter((line) => /^\w+\(/.test(line))
}

const letGoMs = 3000

/**
 * SIGINT has it let go of the process and leave that as it is. When the process dies at that moment, strace may wait for one of its threads
 * for ever, and the process is not gone before: killed, strace lets go as well.
 */
async function endTracing(strace: ChildProcess): Promise<void> {
  if (strace.exitCode !== null || strace.signalCode !== null) return
  const closed = once(strace, 'close')
  strace.kill('SIGINT')
  const late = setTimeout(() => strace.kill('SIGKILL'), letGoMs)
  await closed
  clearTimeout(late)
}
