/**
 * Removes what processes that were killed have left in our folders: the lock of a command that started this daemon, the lock and the
 * socket of a daemon that was to take this one's place.
 */
import { statSync } from 'node:fs'
import type { Places } from '../../platform/places/resolve-places.ts'
import { ProcessLock } from '../../platform/process-lock.ts'
import { uiStateFile } from '../../platform/state-file.ts'
import { removeLeftBeside } from '../../platform/temporaries.ts'

const everyMs = 1000

/** Sweeps every second in which there may be something, until closed. */
export function startSweeping(places: Places): { close(): void } {
  const sweep = new Sweep(places)
  // Where it fails it is tried again in a second.
  const timer = setInterval(() => sweep.look().catch(() => {}), everyMs).unref()
  return { close: () => clearInterval(timer) }
}

export class Sweep {
  private readonly runtimeDir: string
  private readonly sockets: readonly string[]
  private readonly locks: readonly ProcessLock[]
  /** Swept once, after the start: the next writer of such a file removes what was left of it later. */
  private records: readonly string[]
  private readonly stateLock: ProcessLock
  /** The folder's time when nothing was in it that could be left one day. */
  private cleanMs: number | undefined

  constructor(places: Places) {
    const { runtimeDir, startLock, bindLock, daemonSocket, codexSocket, ownerRecord, appServerRecord } = places
    this.runtimeDir = runtimeDir
    this.sockets = [daemonSocket, codexSocket]
    this.locks = [startLock, bindLock].map((path) => new ProcessLock(path))
    this.records = [ownerRecord, appServerRecord, uiStateFile(places)]
    this.stateLock = new ProcessLock(uiStateFile(places))
  }

  /** Costs next to nothing while the runtime folder is as it was. */
  async look(): Promise<void> {
    const changedMs = statSync(this.runtimeDir, { throwIfNoEntry: false })?.mtimeMs
    if (changedMs === this.cleanMs) return
    let inUse = await removeLeftBeside(...this.sockets)
    for (const lock of this.locks) inUse += (await lock.removeLeft()) ? 1 : 0
    if (this.records.length > 0) await this.stateLock.removeLeft().catch(() => {}) // There may be no such folder.
    await removeLeftBeside(...this.records)
    this.records = []
    // Those may yet be killed, which changes nothing in the folder.
    this.cleanMs = inUse === 0 ? changedMs : undefined
  }
}
