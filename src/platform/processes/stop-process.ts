/** Ends a recorded process in bounded steps, and believes only what it sees. */
import { ShareError } from '../../protocol/errors.ts'
import { isSoWithin } from '../time/within.ts'
import { isStillRunning, type ProcessRecord } from './process-record.ts'
import { sendSignal } from './send-signal.ts'

export interface StopStep {
  readonly signal: NodeJS.Signals
  /** Milliseconds until the next step. */
  readonly withinMs: number
  /** To all of its process group, for what it may have started. */
  readonly group?: boolean
}

/**
 * Resolves when the process was seen gone, at once when it is gone already. It is looked at again before every signal, so that a
 * reused pid never gets one.
 *
 * @param what names the process in the error
 * @throws ShareError `unavailable` when it outlives the last step, as a process stuck in the kernel does, or may not be signalled
 */
export async function stopProcess(what: string, record: ProcessRecord, steps: readonly StopStep[]): Promise<void> {
  for (const { signal, withinMs, group = false } of steps) {
    if (!(await isStillRunning(record))) return
    sendSignal(record.pid, signal, { group })
    if (await endsWithin(record, withinMs)) return
  }
  throw new ShareError('unavailable', `the ${what} (pid ${record.pid}) does not end, not even on SIGKILL`, {
    facts: { pid: record.pid },
    hint: 'It may be stuck in the kernel (a dead network disk, for one); look at it with `ps`.',
  })
}

/** Waits for the end of the process, at most this long. */
export function endsWithin(record: ProcessRecord, withinMs: number): Promise<boolean> {
  return isSoWithin(withinMs, async () => !(await isStillRunning(record)))
}
