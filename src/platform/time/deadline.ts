/** A span of awake time that several steps share, and the caller's signal to give up before its end. */
import { awakeMs } from './awake-clock.ts'

export class Deadline {
  /** Milliseconds of the whole span. */
  readonly ms: number
  readonly signal: AbortSignal | undefined
  private readonly nowMs: () => number
  private readonly startedMs: number

  constructor(ms: number, signal?: AbortSignal, nowMs = awakeMs) {
    this.ms = ms
    this.signal = signal
    this.nowMs = nowMs
    this.startedMs = nowMs()
  }

  get spentMs(): number {
    return this.nowMs() - this.startedMs
  }

  /** Never less than 0. */
  get leftMs(): number {
    return Math.max(0, this.ms - this.spentMs)
  }

  get isOver(): boolean {
    return this.spentMs > this.ms
  }
}
