/** Stops an app-server in bounded steps. */
import type { ProcessRecord } from './process-record.ts'
import { stopProcess } from './stop-process.ts'

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
