/**
 * A lock between processes that is free as soon as its holder has ended, however that was.
 *
 * proper-lockfile keeps a lock whose holder was killed until its time is up. So who takes one first leaves a file with its own process's name
 * beside it: where no process runs that has one, the lock is a dead one's and is removed.
 */
import { closeSync, existsSync, openSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { lock } from 'proper-lockfile'
import { findTemporaries, nameTemporary, removeTemporary } from './temporaries.ts'
import { awakeMs } from './time/awake-clock.ts'

export type ReleaseLock = () => Promise<void>

/** The shortest that proper-lockfile takes: who does not move for so long hangs, and loses it. What it guards must bear a second one then. */
const staleMs = 2000
/** Whose holder has ended is removed here, and by one process alone: another would take it from the next holder. */
const neverMs = 2 ** 31
const pauseMs = 10
const stepBackMs = 100

export class ProcessLock {
  private readonly path: string
  /** As proper-lockfile names it. */
  private readonly folder: string

  constructor(path: string) {
    this.path = path
    this.folder = `${path}.lock`
  }

  /**
   * Takes it, unless another has it.
   *
   * @throws Error when nothing can be made in its folder
   */
  async tryTake(): Promise<ReleaseLock | undefined> {
    const others = await this.findClaims()
    const isHung = isOld(this.folder) && others.some(isOld)
    // More claims would keep each other out.
    if (others.length > 0 && !isHung && existsSync(this.folder)) return undefined
    const claim = nameTemporary(this.path, 'lock')
    let release: ReleaseLock | undefined
    try {
      // Before the lock: no holder is ever without one.
      closeSync(openSync(claim, 'wx', 0o600))
      release = await this.lock(isHung ? staleMs : neverMs)
      if (!release && others.length === 0 && (await this.isAlone(claim))) {
        await rm(this.folder, { recursive: true, force: true })
        release = await this.lock(neverMs)
      }
    } finally {
      if (!release) removeTemporary(claim)
    }
    return release && releaseBoth(release, claim)
  }

  /** Takes it, waiting for others so many milliseconds. Otherwise as `tryTake`. */
  async take(waitMs: number): Promise<ReleaseLock | undefined> {
    for (const until = awakeMs() + waitMs; ; ) {
      const release = await this.tryTake()
      if (release || awakeMs() >= until) return release
      // At random: they come in crowds.
      await delay(pauseMs * (1 + Math.random() * 3))
    }
  }

  /** Removes what a process that has ended left of it. Returns whether one that runs has it, or is about to take it. */
  async removeLeft(): Promise<boolean> {
    const isWanted = (await this.findClaims()).length > 0
    if (!isWanted) await rm(this.folder, { recursive: true, force: true })
    return isWanted
  }

  /** Of many who see each other at once the first by name waits until the others have stepped back, or one of them turns out to have it. */
  private async isAlone(claim: string): Promise<boolean> {
    for (const until = awakeMs() + stepBackMs; ; await delay(stepBackMs / 20)) {
      const others = (await this.findClaims()).filter((file) => file !== claim)
      if (others.length === 0) return true
      if (others.some((other) => other < claim) || awakeMs() >= until) return false
    }
  }

  /** Those of processes that run, each of which has it or is about to take it. */
  private findClaims(): Promise<string[]> {
    return findTemporaries(this.path, 'lock')
  }

  /** @param stale milliseconds after which it is taken from a holder that does not move */
  private async lock(stale: number): Promise<ReleaseLock | undefined> {
    try {
      return await lock(this.path, { realpath: false, stale, update: staleMs / 2, onCompromised: () => {} })
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      // ENOENT: it was had, and taken away as stale before its time was set, which takes a machine that hardly moves.
      if (code === 'ELOCKED' || (code === 'ENOENT' && existsSync(dirname(this.path)))) return undefined
      throw error
    }
  }
}

function isOld(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat !== undefined && Date.now() - stat.mtimeMs > staleMs
}

function releaseBoth(release: ReleaseLock, claim: string): ReleaseLock {
  const removeClaim = () => removeTemporary(claim)
  process.once('exit', removeClaim)
  return async () => {
    await release().catch(() => {}) // Taken away as stale: nothing is left to release.
    // Where that fails it is tried once more at the end: a daemon that starts has looked for what is left by then.
    if (removeClaim()) process.off('exit', removeClaim)
  }
}
