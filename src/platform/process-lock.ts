/**
 * A lock between processes that is free as soon as its holder has ended, however that was.
 *
 * proper-lockfile keeps a lock whose holder was killed until its time is up. So a claim, a file with the name of its process, stands beside the
 * lock from before it is taken until after it is given back. Who sees no claim but its own is the only one that touches the lock: what is there
 * then was left by a process that has ended.
 */
import { closeSync, existsSync, openSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { lock } from 'proper-lockfile'
import { findTemporaries, nameTemporary, removeTemporary } from './temporaries.ts'
import { awakeMs } from './time/awake-clock.ts'

export type ReleaseLock = () => Promise<void>

/** Who does not move for so long hangs, and loses it. What it guards must bear a second one then. */
const staleMs = 2000
/** proper-lockfile is to take none away by itself. */
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
    // More claims would keep each other out.
    if ((await this.findClaims()).length > 0) return undefined
    const claim = nameTemporary(this.path, 'lock')
    let release: ReleaseLock | undefined
    try {
      closeSync(openSync(claim, 'wx', 0o600))
      if (!(await this.isAlone(claim))) return undefined
      release = await this.lock()
      // Asked again: if this process has just stood still for long, another has come.
      if (!release && (await this.isAlone(claim))) {
        await rm(this.folder, { recursive: true, force: true })
        release = await this.lock()
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
    if (!existsSync(this.folder)) return (await this.findClaims()).length > 0
    const release = await this.tryTake()
    await release?.()
    return release === undefined
  }

  /**
   * Whether no other has a claim at some moment: of two who look after they have made theirs, one at least sees the other's. Of many who see
   * each other the first by name waits until the others have stepped back, or one of them turns out to have it.
   */
  private async isAlone(claim: string): Promise<boolean> {
    for (const until = awakeMs() + stepBackMs; ; await delay(stepBackMs / 20)) {
      const others = (await this.findClaims()).filter((file) => file !== claim)
      if (others.length === 0) return true
      if (others.some((other) => other < claim) || awakeMs() >= until) return false
    }
  }

  /** Those of processes that have it, or are about to take it, and neither have ended nor hang: a holder's lock is touched all the time. */
  private async findClaims(): Promise<string[]> {
    const running = await findTemporaries(this.path, 'lock')
    return isFresh(this.folder) ? running : running.filter(isFresh)
  }

  private async lock(): Promise<ReleaseLock | undefined> {
    try {
      return await lock(this.path, { realpath: false, stale: neverMs, update: staleMs / 2, onCompromised: () => {} })
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      // ENOENT: it was had, and removed before its time was set, which takes a machine that hardly moves.
      if (code === 'ELOCKED' || (code === 'ENOENT' && existsSync(dirname(this.path)))) return undefined
      throw error
    }
  }
}

function isFresh(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat !== undefined && Date.now() - stat.mtimeMs <= staleMs
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
