/** Time in which this process could run: what it was stopped for, or the machine slept, counts for no deadline. */

interface Timer {
  close(): unknown
  unref(): unknown
}

/** Node's clock and timers: they go on while the process is stopped, and on a Mac while the machine sleeps. */
export interface Ticks {
  readonly nowMs: () => number
  readonly after: (callback: () => void, ms: number) => Timer
}

export interface AwakeTimeout {
  clear(): void
  /** Does not keep the process. */
  unref(): this
}

export const nodeTicks: Ticks = { nowMs: () => performance.now(), after: (callback, ms) => setTimeout(callback, ms) }

/** So often it looks at the time while somebody waits. */
const beatMs = 1000
/** Much more than a busy process needs from one beat to the next: behind a longer gap it did not run. */
const longestGapMs = 2500
/** What such a gap counts for, so that a loop that always stands still gets on. */
const gapCountsMs = 200
/** Who reads the time waits for something, and reads it again within this, or has a timeout meanwhile. */
const readAgainMs = 10_000

export class AwakeClock {
  private readonly ticks: Ticks
  private totalMs = 0
  private seenMs: number
  private beat: Timer | undefined
  private timeouts = 0
  private beatsUntilMs = 0

  constructor(ticks = nodeTicks) {
    this.ticks = ticks
    this.seenMs = ticks.nowMs()
  }

  /** Milliseconds, for differences alone. A sleep is left out while a timeout runs, and for some seconds after each reading. */
  read(): number {
    const now = this.look()
    this.beatsUntilMs = now + readAgainMs
    this.keepBeating()
    return now
  }

  /** Like setTimeout. After a sleep it goes on with what was left, whatever other timers were due first. */
  timeout(callback: () => void, ms: number): AwakeTimeout {
    const dueMs = this.look() + ms
    let timer: Timer | undefined
    let keepsProcess = true
    const stop = () => {
      if (timer) this.timeouts -= 1
      timer?.close()
      timer = undefined
    }
    const arm = (leftMs: number) => {
      timer = this.ticks.after(onTimer, Math.ceil(leftMs))
      if (!keepsProcess) timer.unref()
    }
    const onTimer = () => {
      const leftMs = dueMs - this.look()
      // A timer may come a fraction of a millisecond early.
      if (leftMs >= 1) return arm(leftMs)
      stop()
      callback()
    }
    this.timeouts += 1
    arm(ms)
    this.keepBeating()
    const handle: AwakeTimeout = {
      clear: stop,
      unref: () => {
        keepsProcess = false
        timer?.unref()
        return handle
      },
    }
    return handle
  }

  private look(): number {
    const now = this.ticks.nowMs()
    const gapMs = now - this.seenMs
    this.seenMs = now
    // Without a beat nobody waited, and a gap says nothing.
    this.totalMs += this.beat && gapMs > longestGapMs ? gapCountsMs : gapMs
    return this.totalMs
  }

  private keepBeating(): void {
    if (this.beat) return
    this.beat = this.ticks.after(() => {
      const now = this.look()
      this.beat = undefined
      if (this.timeouts > 0 || now < this.beatsUntilMs) this.keepBeating()
    }, beatMs)
    this.beat.unref()
  }
}

let clock = new AwakeClock()

/** For a test that moves the time itself: everything below runs on these ticks from here on. What is set already stays on its own. */
export const useTicks = (ticks?: Ticks) => {
  clock = new AwakeClock(ticks)
}

/** For deadlines that are looked at again and again; see `AwakeClock.read`. */
export const awakeMs = () => clock.read()

/** For deadlines that fire. */
export const awakeTimeout = (callback: () => void, ms: number) => clock.timeout(callback, ms)

/** Like AbortSignal.timeout. */
export function awakeSignal(ms: number): AbortSignal {
  const controller = new AbortController()
  const late = () => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
  awakeTimeout(late, ms).unref()
  return controller.signal
}

/** Like setTimeout of node:timers/promises. */
export const awakeDelay = (ms: number, { ref = true } = {}) =>
  new Promise<void>((resolve) => {
    const timeout = awakeTimeout(resolve, ms)
    if (!ref) timeout.unref()
  })
