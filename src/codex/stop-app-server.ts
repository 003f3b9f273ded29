/** Stops an app-server in bounded steps, and believes only what it sees. */
import { isStillRunning, type ProcessRecord } from '../platform/process-record.ts'
import { isSoWithin } from '../platform/within.ts'
import { ShareError } from '../protocol/errors.ts'

export interface StopOptions {
  /** Milliseconds for each of the three steps; 5 s unless told. */
  readonly stepMs?: number | undefined
}

/**
 * SIGTERM, SIGTERM, SIGKILL, each with a deadline; resolves when the process was seen gone, at once when it is gone already.
 *
 * The first SIGTERM lets a running turn come to its end, however long that takes (measured: over 20 s); on the second the
 * app-server ends at once, and still orderly. Both go to it alone, as a turn that is to end needs its tools; SIGKILL goes to the
 * whole group. The process is looked at again before every signal, so that a reused pid never gets one.
 *
 * @throws ShareError `timedOut` when it outlives even SIGKILL, as a process stuck in the kernel does
 */
export async function stopAppServer(record: ProcessRecord, { stepMs = 5_000 }: StopOptions = {}): Promise<void> {
  const steps = [
    [record.pid, 'SIGTERM'],
    [record.pid, 'SIGTERM'],
    [-record.pid, 'SIGKILL'],
  ] as const
  for (const [target, signal] of steps) {
    if (!(await isStillRunning(record))) return
    sendSignal(target, signal)
    if (await isSoWithin(stepMs, async () => !(await isStillRunning(record)))) return
  }
  throw new ShareError('timedOut', `The Codex app-server (pid ${record.pid}) does not end, not even on SIGKILL.`)
}

function sendSignal(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal)
  } catch (error) {
    // Ended since we looked: just what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
