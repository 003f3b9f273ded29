/**
 * A lock between processes that is free as soon as its holder has ended, however that was.
 *
 * A process that wants it makes a file with its own name, then looks whether others have one. Two may see each other and both step back,
 * but both can never have it: each makes its file before it looks. What a dead process has left is known by its name. A single lock file
 * that has to be removed and made again would have a moment in which two can do so.
 */
import { closeSync, lstatSync, openSync, utimesSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { findTemporaries, nameTemporary, removeTemporary } from './temporaries.ts'
import { awakeMs } from './time/awake-clock.ts'

const beatMs = 500
/** A holder that does not move for so long is stopped, or hangs, and loses the lock: what it guards must bear a second one then. */
const longestStillMs = 2500
const pauseMs = 10

export class ProcessLock {
  private readonly path: string
  /** When the file of each holder was last seen to change, by our own clock: the machine's may be set meanwhile. */
  private readonly seen = new Map<string, { readonly mtimeMs: number; readonly sinceMs: number }>()
  private readonly nowMs: () => number

  constructor(path: string, nowMs = awakeMs) {
    this.path = path
    this.nowMs = nowMs
  }

  /**
   * Takes it, unless another has it.
   *
   * @returns the function that gives it back
   * @throws Error when nothing can be made in its folder
   */
  async tryTake(): Promise<(() => void) | undefined> {
    if (await this.isHeld()) return undefined
    const file = nameTemporary(this.path, 'lock')
    let isOurs = false
    try {
      closeSync(openSync(file, 'wx', 0o600))
      isOurs = !(await this.isHeld(file))
      return isOurs ? hold(file) : undefined
    } finally {
      if (!isOurs) removeTemporary(file)
    }
  }

  /** Takes it, waiting for others so many milliseconds. Otherwise as `tryTake`. */
  async take(waitMs: number): Promise<(() => void) | undefined> {
    for (const until = this.nowMs() + waitMs; ; ) {
      const release = await this.tryTake()
      if (release || this.nowMs() >= until) return release
      // At random: two that have stepped back for each other would do so again.
      await delay(pauseMs * (1 + Math.random() * 3))
    }
  }

  private async isHeld(own?: string): Promise<boolean> {
    const others = (await findTemporaries(this.path, 'lock')).filter((file) => file !== own)
    return others.filter((file) => this.isMoving(file)).length > 0
  }

  private isMoving(file: string): boolean {
    const mtimeMs = lstatSync(file, { throwIfNoEntry: false })?.mtimeMs
    if (mtimeMs === undefined) return false
    const before = this.seen.get(file)
    if (before?.mtimeMs !== mtimeMs) {
      this.seen.set(file, { mtimeMs, sinceMs: this.nowMs() })
      return true
    }
    if (this.nowMs() - before.sinceMs < longestStillMs) return true
    removeTemporary(file)
    return false
  }
}

function hold(file: string): () => void {
  const beat = setInterval(() => touch(file), beatMs).unref()
  const release = () => {
    clearInterval(beat)
    // Where that fails it is tried once more at the end: a daemon that starts has looked for what is left by then.
    if (removeTemporary(file)) process.off('exit', release)
  }
  process.once('exit', release)
  return release
}

function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date())
  } catch {
    // It was taken away, as we did not move for long.
  }
}
