/** Stops what runs on a ladder of bounded steps, and believes only what it sees. */
import { ShareError } from '../../protocol/errors.ts'
import { isSoWithin } from '../time/within.ts'
import { isStillRunning, type ProcessRecord } from './process-record.ts'
import { sendSignal } from './send-signal.ts'

export interface StopTarget {
  readonly hasEnded: () => Promise<boolean>
  /** The error where it outlives the last step. */
  readonly outlived: () => ShareError
}

export interface StopStep {
  /** What makes it end; left out where it was asked already and has this time for it. */
  readonly act?: () => void
  /** Milliseconds until the next step. */
  readonly withinMs: number
}

/**
 * Resolves when the target was seen to have ended, at once when it has ended already. It is looked at again before every step, so that
 * a reused pid never gets a signal.
 *
 * @throws ShareError `unavailable` when it outlives the last step, or a step fails
 */
export async function stopOne({ hasEnded, outlived }: StopTarget, ladder: readonly StopStep[]): Promise<void> {
  for (const { act, withinMs } of ladder) {
    if (await hasEnded()) return
    act?.()
    if (await isSoWithin(withinMs, hasEnded)) return
  }
  throw outlived()
}

export interface ProcessTarget extends StopTarget {
  /** The step that sends a signal, by default to the process alone; `group`: also to what it may have started. */
  readonly signal: (signal: NodeJS.Signals, withinMs: number, options?: { readonly group?: boolean }) => StopStep
}

/** A recorded process. One that is stuck in the kernel outlives everything. */
export function processTarget(name: string, record: Pick<ProcessRecord, 'pid' | 'startToken'>): ProcessTarget {
  const { pid } = record
  return {
    hasEnded: async () => !(await isStillRunning(record)),
    outlived: () =>
      new ShareError('unavailable', `the ${name} (pid ${pid}) does not end, not even on SIGKILL`, {
        facts: { pid },
        hint: 'It may be stuck in the kernel (a dead network disk, for one); look at it with `ps`.',
      }),
    signal: (signal, withinMs, options) => ({ act: () => sendSignal(pid, signal, options), withinMs }),
  }
}

export interface StopOptions {
  /** Milliseconds for each of the three steps; 5 s by default. */
  readonly stepMs?: number | undefined
  /** Milliseconds that a running turn has to come to its end; by default a step like the others. */
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
  const appServer = processTarget('Codex app-server', record)
  return stopOne(appServer, [
    appServer.signal('SIGTERM', turnMs),
    appServer.signal('SIGTERM', stepMs),
    appServer.signal('SIGKILL', stepMs, { group: true }),
  ])
}
