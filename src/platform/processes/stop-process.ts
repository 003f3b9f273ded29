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

export interface StopOptions {
  /** Milliseconds for each of the three steps; 5 s unless told. */
  readonly stepMs?: number | undefined
  /** Milliseconds that a running turn has to come to its end; a step like the others unless told. */
  readonly turnMs?: number | undefined
}

/**
 * The first SIGTERM lets a running turn come to its end, however long that takes (measured: over 20 s); on the second the app-server
 * ends at once, and still orderly. Both go to it alone, as a turn that is to end needs its tools; SIGKILL goes to the whole group.
 *
 * @throws ShareError `unavailable` when it outlives even SIGKILL, or may not be signalled
 */
export function stopAppServer(
  record: ProcessRecord,
  { stepMs = 5000, turnMs = stepMs }: StopOptions = {},
): Promise<void> {
  return stopProcess('Codex app-server', record, [
    { signal: 'SIGTERM', withinMs: turnMs },
    { signal: 'SIGTERM', withinMs: stepMs },
    { signal: 'SIGKILL', withinMs: stepMs, group: true },
  ])
}
