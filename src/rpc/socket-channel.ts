/** A channel over a connected socket: frames of LF-delimited JSON, with limits on what is taken and on how long it may take. */
import type { Socket } from 'node:net'
import { type AwakeTimeout, awakeTimeout } from '../platform/time/awake-clock.ts'
import type { Channel, OnFrame } from './channel.ts'
import { FrameTurns } from './frame-turns.ts'
import { type Guard, unguarded } from './guard.ts'
import { LineFramer } from './line-framer.ts'

export interface ChannelLimits {
  /** Largest frame taken, in bytes. */
  readonly maxFrameBytes: number
  /** A frame that has begun must end within this time. */
  readonly frameTimeoutMs: number
  /** A connection with more than this waiting to be read by the other side is cut. */
  readonly maxQueuedBytes: number
}

export const defaultChannelLimits: ChannelLimits = {
  maxFrameBytes: 16 * 1024 * 1024,
  frameTimeoutMs: 30_000,
  maxQueuedBytes: 64 * 1024 * 1024,
}

const LF = Buffer.from('\n')

export function withLineEnd(frame: string | Uint8Array): Buffer {
  return typeof frame === 'string' ? Buffer.from(`${frame}\n`) : Buffer.concat([frame, LF])
}

export interface SocketChannelOptions {
  readonly socket: Socket
  readonly limits: ChannelLimits
  readonly write: (bytes: Uint8Array) => void
  readonly guard?: Guard
  /** Serves one frame in each turn of the event loop: for a side that has many to serve. */
  readonly inTurns?: boolean
}

export class SocketChannel implements Channel {
  readonly guard: Guard
  private readonly socket: Socket
  private readonly limits: ChannelLimits
  private readonly write: (bytes: Uint8Array) => void
  private readonly framer: LineFramer
  private readonly turns: FrameTurns | undefined
  private isPaused = false
  private framesWait = false
  private readonly closeCallbacks: ((reason: Error) => void)[] = []
  private frameCallback: OnFrame = () => {}
  private oversizeCallback: (bytes: number) => void = () => {}
  private frameTimer: AwakeTimeout | undefined
  private failure: Error | undefined
  private closed = false

  constructor({ socket, limits, write, guard = unguarded, inTurns = false }: SocketChannelOptions) {
    this.guard = guard
    this.socket = socket
    this.limits = limits
    this.write = write
    const serve: OnFrame = (bytes, start, end) => this.frameCallback(bytes, start, end)
    const guarded: OnFrame = (...frame) => this.guard.run(() => serve(...frame))
    this.turns = inTurns ? new FrameTurns({ serve: guarded, onWaiting: (wait) => this.onFramesWait(wait) }) : undefined
    const { turns } = this
    this.framer = new LineFramer({
      maxBytes: limits.maxFrameBytes,
      onFrame: turns ? (...frame) => turns.push(...frame) : serve,
      onOversize: (bytes) => this.oversizeCallback(bytes),
    })
    socket.on('error', (error) => {
      this.failure ??= error
    })
    socket.once('close', () => this.ended())
  }

  get queuedBytes(): number {
    return this.socket.writableLength
  }

  receive(bytes: Buffer): void {
    this.guard.run(() => this.framer.push(bytes))
    this.watchFrame()
  }

  send(frame: string | Uint8Array): void {
    this.write(withLineEnd(frame))
  }

  sendLines(lines: Uint8Array): void {
    this.write(lines)
  }

  onceDrained(callback: () => void): void {
    const run = () => this.guard.run(callback)
    if (this.socket.writableNeedDrain) this.socket.once('drain', run)
    else setImmediate(run)
  }

  pause(): void {
    this.isPaused = true
    this.turns?.pause()
    this.read()
  }

  resume(): void {
    this.isPaused = false
    this.turns?.resume()
    this.read()
  }

  onFrame(callback: OnFrame): void {
    this.frameCallback = callback
  }

  onOversize(callback: (bytes: number) => void): void {
    this.oversizeCallback = callback
  }

  onClose(callback: (reason: Error) => void): void {
    if (this.closed) callback(this.reason())
    else this.closeCallbacks.push(callback)
  }

  close(): void {
    this.socket.destroySoon()
  }

  private onFramesWait(wait: boolean): void {
    this.framesWait = wait
    this.read()
    this.watchFrame()
  }

  private read(): void {
    if (this.isPaused || this.framesWait) this.socket.pause()
    else this.socket.resume()
  }

  /** A frame that has begun must end in time, as long as it is waited for. */
  private watchFrame(): void {
    if (!this.framer.unfinished || this.framesWait) {
      this.frameTimer?.clear()
      this.frameTimer = undefined
    } else this.frameTimer ??= awakeTimeout(() => this.giveUpFrame(), this.limits.frameTimeoutMs).unref()
  }

  private giveUpFrame(): void {
    this.failure = new Error(`a frame did not end within ${this.limits.frameTimeoutMs / 1000} s`)
    this.socket.destroy()
  }

  private ended(): void {
    this.closed = true
    this.turns?.clear()
    this.frameTimer?.clear()
    // Each by itself: one that fails must not keep the next from seeing the connection off.
    for (const callback of this.closeCallbacks) this.guard.run(() => callback(this.reason()))
  }

  private reason(): Error {
    return this.failure ?? new Error('the other side closed the connection')
  }
}
