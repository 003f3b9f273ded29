/** Removes what processes that were killed have left in our folders: the lock of a command that ended while it started this daemon. */
import type { Places } from '../../platform/places/resolve-places.ts'
import { ProcessLock } from '../../platform/process-lock.ts'
import { uiStateFile } from '../../platform/state-file.ts'
import { removeLeftBeside } from '../../platform/temporaries.ts'
import { type AwakeTimeout, awakeTimeout } from '../../platform/time/awake-clock.ts'

/** The command that started us has its answer by then, and gives the lock back. */
const firstMs = 1000
const everyMs = 3_600_000

/** Sweeps soon, then every hour until closed. */
export function startSweeping(places: Places): { close(): void } {
  const { startLock, bindLock, daemonSocket, codexSocket, ownerRecord, appServerRecord } = places
  const state = uiStateFile(places)
  const sweep = async () => {
    await removeLeftBeside(daemonSocket, codexSocket, ownerRecord, appServerRecord, state)
    for (const path of [startLock, bindLock, state]) await new ProcessLock(path).removeLeft().catch(() => {})
  }
  let timer: AwakeTimeout
  const sweepIn = (ms: number) => {
    timer = awakeTimeout(() => {
      void sweep()
      sweepIn(everyMs)
    }, ms).unref()
  }
  sweepIn(firstMs)
  return { close: () => timer.clear() }
}
