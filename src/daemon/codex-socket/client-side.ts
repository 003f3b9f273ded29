/** The side of a stock client's session that faces the client: its messages one after the other, and what is written to it. */
import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { WireError } from '../../protocol/errors.ts'
import type { Guard } from '../../rpc/guard.ts'
import { type ClientRequest, errorFrame, replyFrame } from './frames/client-frames.ts'
import { PacedSocket, type PausableSource } from './frames/paced-socket.ts'
import type { ClientAnswers } from './stock-session.ts'

export interface ClientSideOptions {
  readonly ws: WebSocket
  readonly socket: Socket
  readonly guard: Guard
  readonly maxQueuedBytes: number
  /** No message is taken before. */
  readonly untilReady: () => Promise<void>
  /** The next message is taken once the promise has settled. */
  readonly onMessage: (data: Buffer, isBinary: boolean) => void | Promise<void>
  readonly onFailure: (error: unknown) => void
  readonly onEnd: () => void
}

/** Messages that may wait their turn; more are not read yet. */
const inboxLength = 64
/** So many times its queue may wait for a client off the shared link: it is in memory once for all of them. */
const mostQueues = 8

export class ClientSide implements ClientAnswers {
  private readonly options: ClientSideOptions
  private readonly socket: PacedSocket
  private inbox = Promise.resolve()
  private waiting = 0

  constructor(options: ClientSideOptions) {
    this.options = options
    this.socket = new PacedSocket({ ...options, onFrame: (data, isBinary) => this.queue(data, isBinary) })
  }

  /** Whether it reads so slowly that the shared link has to let it go. */
  get isLate(): boolean {
    return this.socket.queuedBytes > this.options.maxQueuedBytes * mostQueues
  }

  send(frame: Buffer | string): void {
    this.socket.send(frame)
  }

  /** Writes what `source` has sent, and reads no more from it while the client does not keep up. */
  forward(data: Buffer, isBinary: boolean, source: PausableSource): void {
    this.socket.send(data, isBinary)
    if (this.socket.isFull) this.socket.holdBack(source)
  }

  reply({ id }: ClientRequest, result: unknown): void {
    this.socket.send(replyFrame(id, result))
  }

  refuse({ id }: ClientRequest, error: WireError): void {
    this.socket.send(errorFrame(id, error))
  }

  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason)
  }

  private queue(data: Buffer, isBinary: boolean): void {
    const { untilReady, onMessage, onFailure } = this.options
    this.waiting += 1
    if (this.waiting === inboxLength) this.pause()
    this.inbox = this.inbox
      .then(untilReady)
      .then(() => onMessage(data, isBinary))
      .catch(onFailure)
      .finally(() => {
        if (this.waiting === inboxLength) this.resume()
        this.waiting -= 1
      })
  }
}
