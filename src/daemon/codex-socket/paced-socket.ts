/** A WebSocket that writes what gathers in a tick at once, and says when its reader does not keep up. */
import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'

export interface PacedSocketOptions {
  readonly ws: WebSocket
  /** The connection under it. */
  readonly socket: Socket
  /** More bytes than this waiting to be read make it full. */
  readonly maxQueuedBytes: number
  readonly onFrame: (data: Buffer, isBinary: boolean) => void
  /** Called once. */
  readonly onEnd: (reason: string) => void
}

export class PacedSocket {
  private readonly options: PacedSocketOptions
  private corked = false
  private failure: string | undefined

  constructor(options: PacedSocketOptions) {
    this.options = options
    const { ws, onFrame, onEnd } = options
    ws.on('message', (data, isBinary) => {
      if (Buffer.isBuffer(data)) onFrame(data, isBinary)
    })
    ws.on('error', (error) => {
      this.failure = error.message
    })
    ws.once('close', (code) => onEnd(this.failure ?? `the connection closed (WebSocket code ${code})`))
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

  /** What waits to be read. */
  get queuedBytes(): number {
    return this.options.socket.writableLength
  }

  get isFull(): boolean {
    return this.queuedBytes > this.options.maxQueuedBytes
  }

  /** Reads no more from `source` until what waits here has been read. */
  holdBack(source: PacedSocket): void {
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
    ws.close(code, reason.slice(0, 100))
    setTimeout(() => ws.terminate(), 500).unref()
  }
}
