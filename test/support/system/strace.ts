/** Makes system calls of a running process fail, or ends the process at one, with strace. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

export interface Fault {
  /** As strace names them: `pwrite64`, `fdatasync`, `rename`. */
  readonly call: string
  /** Only calls on these files. */
  readonly paths: readonly string[]
  /** `ENOSPC`: the call fails, and all behind it until the fault is lifted. `SIGKILL`: the process ends as the call begins. */
  readonly effect: 'ENOSPC' | 'EIO' | 'SIGKILL'
  /** The how manieth call it is, from 1. */
  readonly at: number
}

export interface InjectedFault {
  /** Lifts it. Returns whether any call came to it. */
  lift(): Promise<boolean>
}

/** Why it cannot be had here; null when it can. */
export function noStrace(): string | null {
  const { status, stderr, error } = spawnSync('strace', ['-o', '/dev/null', 'true'])
  if (status === 0) return null
  return error?.message ?? stderr.toString('utf8').trim()
}

/** Resolves when every thread of the process is watched. */
export async function injectFault(pid: number, { call, paths, effect, at }: Fault): Promise<InjectedFault> {
  const what = effect === 'SIGKILL' ? `signal=KILL:when=${at}` : `error=${effect}:when=${at}+`
  const args = ['-f', '-p', String(pid), '-e', `trace=${call}`, '-e', `inject=${call}:${what}`]
  const strace = spawn('strace', [...args, ...paths.flatMap((path) => ['-P', path])], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  const attached = new Promise<void>((resolve, reject) => {
    strace.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (/Process \d+ attached/.test(said)) resolve()
    })
    strace.once('close', () => reject(new Error(`strace ended: ${said}`)))
  })
  await attached
  return {
    lift: async () => {
      await endTracing(strace)
      return effect === 'SIGKILL' ? /killed by SIGKILL/.test(said) : said.includes('(INJECTED)')
    },
  }
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
