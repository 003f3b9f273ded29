/** Ends a recorded process in bounded steps, and believes only what it sees. */
import { isStillRunning, type ProcessRecord } from '../platform/process-record.ts'
import { isSoWithin } from '../platform/within.ts'

export interface StopStep {
  readonly signal: NodeJS.Signals
  /** Milliseconds until the next step. */
  readonly withinMs: number
  /** To all of its process group, for what it may have started. */
  readonly group?: boolean
}

/**
 * The process is looked at again before every signal, so that a reused pid never gets one.
 *
 * @returns false when it outlived the last step, as a process stuck in the kernel does
 */
export async function stopProcess(record: ProcessRecord, steps: readonly StopStep[]): Promise<boolean> {
  for (const { signal, withinMs, group = false } of steps) {
    if (!(await isStillRunning(record))) return true
    send(group ? -record.pid : record.pid, signal)
    if (await endsWithin(record, withinMs)) return true
  }
  return !(await isStillRunning(record))
}

/** Waits for the end of the process, at most this long. */
export function endsWithin(record: ProcessRecord, withinMs: number): Promise<boolean> {
  return isSoWithin(withinMs, async () => !(await isStillRunning(record)))
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal)
  } catch (error) {
    // Ended since we looked: just what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
