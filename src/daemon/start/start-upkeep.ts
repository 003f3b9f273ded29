/** Starts what looks after the daemon's own files: the check of the ledger, its retention, and the watch over the program on disk. */
import type { DaemonCore } from '../core.ts'
import { examineInAProcess } from '../upkeep/examine-in-a-process.ts'
import { LedgerCheck } from '../upkeep/ledger-check.ts'
import { watchProgram } from '../upkeep/program-watch.ts'
import { startRetentionTimer } from '../upkeep/retention-timer.ts'
import { startSweeping } from '../upkeep/sweep-leftovers.ts'
import { openStage, type Stage } from './close-stack.ts'
import type { StartDaemonOptions } from './start-daemon-options.ts'

export type Upkeep = Pick<DaemonCore, 'ledgerCheck' | 'programChanged'>

export function startUpkeep(
  { programFile, places, log, settings }: StartDaemonOptions,
  { ledger, slots }: Pick<DaemonCore, 'ledger' | 'slots'>,
): Promise<Stage<Upkeep>> {
  return openStage((stack) => {
    const examine = examineInAProcess({ programFile, ledgerFile: ledger.file })
    const isIdle = () => slots.size === 0
    const ledgerCheck = stack.use(new LedgerCheck({ soundness: ledger.soundness, log, isIdle, examine }))
    stack.use(startRetentionTimer(ledger, settings.retention, log))
    stack.use(startSweeping(places))
    return { ledgerCheck, programChanged: watchProgram(programFile) }
  })
}
