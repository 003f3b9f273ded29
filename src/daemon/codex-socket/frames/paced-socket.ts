/** A WebSocket that writes what gathers in a tick at once, and says when its reader does not keep up. */
import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { awakeTimeout } from '../../../platform/time/awake-clock.ts'
import type { Guard } from '../../../rpc/guard.ts'

export interface PacedSocketOptions {
  readonly ws: WebSocket
  /** The connection under it. */
  readonly socket: Socket
  /** Runs what its events call. */
  readonly guard: Guard
  /** More bytes than this waiting to be read make it full. */
  readonly maxQueuedBytes: number
  readonly onFrame: (data: Buffer, isBinary: boolean) => void
  /** Called once. */
  readonly onEnd: (reason: string) => void
}

/** Something that is read from, and can wait. */
export interface PausableSource {
  pause(): void
  resume(): void
}

/** What fits into a close frame beside its code; ws throws for more. */
const mostReasonBytes = 123

export class PacedSocket implements PausableSource {
  private readonly options: PacedSocketOptions
  private corked = false
  private failure: string | undefined

  constructor(options: PacedSocketOptions) {
    this.options = options
    const { ws, guard, onFrame, onEnd } = options
    ws.on('message', (data, isBinary) => {
      if (Buffer.isBuffer(data)) guard.run(() => onFrame(data, isBinary))
    })
    ws.on('error', (error) => {
      this.failure = error.message
    })
    ws.once('close', (code) => guard.run(() => onEnd(this.failure ?? `the connection closed (WebSocket code ${code})`)))
  }

  /** The cost of passing on is the system call: all frames of a tick go out in one. */
  send(data: Buffer | string, isBinary = false): void {
    const { ws, socket } = this.options
    if (ws.readyState !== ws.OPEN) return
    if (!this.corked) {
      this.corked = true
      socket.cork()
      process.nextTick(() => {
        this.corked = false
        socket.uncork()
      })
    }
    ws.send(data, { binary: isBinary })
  }

  /** Whether what is sent still goes out. */
  get isOpen(): boolean {
    return this.options.ws.readyState === this.options.ws.OPEN
  }

  /** What waits to be read. */
  get queuedBytes(): number {
    return this.options.socket.writableLength
  }

  get isFull(): boolean {
    return this.queuedBytes > this.options.maxQueuedBytes
  }

  /** Reads no more from `source` until what waits here has been read. */
  holdBack(source: PausableSource): void {
    const { socket } = this.options
    source.pause()
    const resume = () => {
      socket.off('drain', resume).off('close', resume)
      source.resume()
    }
    socket.on('drain', resume).on('close', resume)
  }

  pause(): void {
    this.options.ws.pause()
  }

  resume(): void {
    this.options.ws.resume()
  }

  /** Ends it, at once where the other side does not answer. `code` is a WebSocket close code. */
  close(code: number, reason: string): void {
    const { ws } = this.options
    ws.resume()
    ws.close(code, cut(reason, mostReasonBytes))
    awakeTimeout(() => ws.terminate(), 500).unref()
  }
}

/** As many whole characters from the front as fit into so many bytes. */
function cut(text: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes))
  return text.slice(0, read)
}
