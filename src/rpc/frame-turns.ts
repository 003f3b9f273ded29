/** Serves the frames of one connection one in each turn of the event loop, so that a flood on it keeps nobody else waiting. */
import type { OnFrame } from './channel.ts'

export interface FrameTurnsOptions {
  readonly serve: OnFrame
  /** Whether frames wait: no more is to be read meanwhile. */
  readonly onWaiting: (isWaiting: boolean) => void
  readonly nextTurn?: (callback: () => void) => void
}

type WaitingFrame = readonly [bytes: Buffer, start: number, end: number]

export class FrameTurns {
  private readonly options: FrameTurnsOptions
  private waiting: WaitingFrame[] = []
  /** Of those that wait, the first that was not served. */
  private next = 0
  private turnIsTaken = false
  private paused = false
  private isHeld = false

  constructor(options: FrameTurnsOptions) {
    this.options = options
  }

  push(bytes: Buffer, start: number, end: number): void {
    this.waiting.push([bytes, start, end])
    this.advance()
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
    this.advance()
  }

  /** The connection has ended. */
  clear(): void {
    this.waiting = []
    this.next = 0
  }

  private advance(): void {
    const { serve, nextTurn = setImmediate } = this.options
    const frame = this.turnIsTaken || this.paused ? undefined : this.waiting[this.next]
    if (frame) {
      this.next += 1
      if (this.next === this.waiting.length) this.clear()
      this.turnIsTaken = true
      serve(...frame)
      nextTurn(() => {
        this.turnIsTaken = false
        this.advance()
      })
    }
    this.hold(this.waiting.length > 0)
  }

  private hold(isWaiting: boolean): void {
    if (isWaiting === this.isHeld) return
    this.isHeld = isWaiting
    this.options.onWaiting(isWaiting)
  }
}
