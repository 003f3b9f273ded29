/** A clock and timers that a test moves. */
import { type Ticks, useTicks } from '../../../src/platform/time/awake-clock.ts'

interface Scripted {
  readonly dueMs: number
  readonly callback: () => void
  keepsProcess: boolean
}

export class ScriptedTicks implements Ticks {
  private now = 0
  private timers: Scripted[] = []

  readonly nowMs = () => this.now

  readonly after = (callback: () => void, ms: number) => {
    const timer: Scripted = { dueMs: this.now + ms, callback, keepsProcess: true }
    this.timers.push(timer)
    return {
      close: () => this.drop(timer),
      unref: () => {
        timer.keepsProcess = false
      },
    }
  }

  /** In how many milliseconds each timer is due. */
  get due(): readonly number[] {
    return this.timers.map(({ dueMs }) => dueMs - this.now)
  }

  /** Timers that are set, and how many of them keep the process. */
  get waiting(): { readonly timers: number; readonly keep: number } {
    return { timers: this.timers.length, keep: this.timers.filter(({ keepsProcess }) => keepsProcess).length }
  }

  /** Time in which the process runs: each timer is called when it is due. */
  run(ms: number): void {
    const endMs = this.now + ms
    for (;;) {
      const [next] = this.timers.filter(({ dueMs }) => dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)
      if (!next) break
      this.now = Math.max(this.now, next.dueMs)
      this.fire(next)
    }
    this.now = endMs
  }

  /** Time in which it does not; what is due then is called in this order, before anything else. */
  sleep(ms: number, order: 'oldest first' | 'newest first'): void {
    this.now += ms
    const due = this.timers.filter(({ dueMs }) => dueMs <= this.now)
    for (const timer of order === 'oldest first' ? due : due.reverse())
      if (this.timers.includes(timer)) this.fire(timer)
  }

  private fire(timer: Scripted): void {
    this.drop(timer)
    timer.callback()
  }

  private drop(timer: Scripted): void {
    this.timers = this.timers.filter((other) => other !== timer)
  }
}

/** A test in which the time stands still, for all that waits by the awake clock, until the test lets it run. */
export function onScriptedTime(test: (time: ScriptedTicks) => Promise<void> | void): () => Promise<void> {
  return async () => {
    const time = new ScriptedTicks()
    useTicks(time)
    try {
      await test(time)
    } finally {
      useTicks()
    }
  }
}
