/** One end of a JSON-RPC conversation: requests, replies and notifications both ways, with deadlines and cancellation. */
import { asShareError, fromWireError, ShareError, toWireError, type WireError } from '../protocol/errors.ts'
import type { Channel } from './channel.ts'
import {
  errorText,
  type Message,
  notificationText,
  parseMessage,
  type RequestId,
  requestText,
  successText,
} from './json-rpc.ts'
import { PendingRequests, type RequestEnd } from './pending-requests.ts'

/** A result that is JSON text already and is sent as it is. */
export class JsonText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** An error of the app-server's own that goes to the peer exactly as it came. */
export class VerbatimError extends Error {
  readonly wire: WireError
  constructor(wire: WireError) {
    super(wire.message)
    this.wire = wire
  }
}

export interface RpcPeerOptions {
  /** Answers a request; `signal` fires when the other side cancels it or goes away. Without it every request is an unknown method. */
  readonly onRequest?: (method: string, params: unknown, signal: AbortSignal) => unknown
  readonly onNotification?: (method: string, params: unknown) => void
  /** Sees every frame before it is parsed and returns true to keep it for itself: the way around JSON for a flood of events. */
  readonly intercept?: (bytes: Buffer, start: number, end: number) => boolean
  /** A message with more values than this is refused, as reading it would hold up all others. */
  readonly mostValues?: number
  /** Requests from the other side that may be open at once; more are refused as overloaded. */
  readonly maxInFlight?: number
}

export interface RequestOptions {
  /** Milliseconds until the request is given up with `timedOut`; 30 s by default. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

type Answer = Extract<Message, { readonly type: 'success' | 'error' }>

const cancelMethod = '$/cancelRequest'

export class RpcPeer {
  private readonly channel: Channel
  private readonly options: RpcPeerOptions
  private readonly pending = new PendingRequests<RequestId, Answer>()
  private readonly serving = new Map<RequestId, AbortController>()
  private readonly closeCallbacks: ((reason: Error) => void)[] = []
  private nextId = 1
  private closedBy: Error | undefined

  constructor(channel: Channel, options: RpcPeerOptions = {}) {
    this.channel = channel
    this.options = options
    channel.onFrame((bytes, start, end) => {
      if (!options.intercept?.(bytes, start, end)) this.receive(bytes.subarray(start, end))
    })
    channel.onOversize((bytes) =>
      this.sendError(
        null,
        new ShareError('invalidRequest', `the frame is larger than allowed (${bytes} bytes or more)`),
      ),
    )
    channel.onClose((reason) => this.onClosed(reason))
  }

  /**
   * Sends a request and waits for its result.
   *
   * @throws ShareError the other side's error; `timedOut` at the deadline; the signal's reason, or `cancelled`; `connectionLost` when the channel went away, with
   * `facts.sent` telling whether the request had been handed to it.
   */
  request(method: string, params: unknown, { timeoutMs = 30_000, signal }: RequestOptions = {}): Promise<unknown> {
    if (this.closedBy) return Promise.reject(this.connectionLost(method, false))
    if (signal?.aborted) return Promise.reject(cancelled(method, signal))
    const id = this.nextId++
    return new Promise((resolve, reject) => {
      const abandon = (error: ShareError) => {
        this.notify(cancelMethod, { id })
        reject(error)
      }
      const onEnd = (end: RequestEnd<Answer>) => {
        switch (end.is) {
          case 'answered':
            return end.answer.type === 'success' ? resolve(end.answer.result) : reject(fromWireError(end.answer.error))
          case 'timedOut':
            return abandon(new ShareError('timedOut', `${method} was not answered within ${timeoutMs / 1000} s`))
          case 'aborted':
            return abandon(cancelled(method, signal))
          case 'closed':
          case 'replaced':
            return reject(this.connectionLost(method, true))
        }
      }
      this.pending.add(id, onEnd, { timeoutMs, signal })
      this.channel.send(requestText(id, method, params))
    })
  }

  notify(method: string, params: unknown): void {
    if (!this.closedBy) this.channel.send(notificationText(method, params))
  }

  onClose(callback: (reason: Error) => void): void {
    if (this.closedBy) callback(this.closedBy)
    else this.closeCallbacks.push(callback)
  }

  close(): void {
    this.channel.close()
  }

  private receive(frame: Buffer): void {
    let message: Message
    try {
      message = parseMessage(frame, this.options.mostValues)
    } catch (error) {
      const failure = asShareError(error)
      const { id } = failure.facts
      this.sendError(typeof id === 'string' || typeof id === 'number' ? id : null, failure)
      return
    }
    switch (message.type) {
      case 'request':
        this.serve(message.id, message.method, message.params).catch(this.channel.guard.failed)
        return
      case 'notification':
        if (message.method === cancelMethod) this.cancel(message.params)
        else this.options.onNotification?.(message.method, message.params)
        return
      case 'success':
      case 'error':
        if (message.id !== null) this.pending.answer(message.id, message)
        return
    }
  }

  private async serve(id: RequestId, method: string, params: unknown): Promise<void> {
    const { onRequest, maxInFlight = Number.POSITIVE_INFINITY } = this.options
    if (this.serving.has(id)) {
      this.sendError(id, new ShareError('invalidRequest', `the request id ${JSON.stringify(id)} is still in use`))
      return
    }
    if (this.serving.size >= maxInFlight) {
      this.sendError(
        id,
        new ShareError('overloaded', `more than ${maxInFlight} requests are waiting on this connection`),
      )
      return
    }
    const controller = new AbortController()
    this.serving.set(id, controller)
    try {
      if (!onRequest) throw new ShareError('methodNotFound', `unknown method: ${method}`)
      const result = await onRequest(method, params, controller.signal)
      const text = result instanceof JsonText ? result.text : (JSON.stringify(result) ?? 'null')
      if (!this.closedBy) this.channel.send(successText(id, text))
    } catch (error) {
      if (error instanceof VerbatimError) this.sendWireError(id, error.wire)
      else this.sendError(id, asShareError(error))
    } finally {
      this.serving.delete(id)
    }
  }

  private cancel(params: unknown): void {
    const id = typeof params === 'object' && params !== null && 'id' in params ? params.id : undefined
    if (typeof id === 'string' || typeof id === 'number') this.serving.get(id)?.abort()
  }

  private sendError(id: RequestId | null, error: ShareError): void {
    this.sendWireError(id, toWireError(error))
  }

  private sendWireError(id: RequestId | null, wire: WireError): void {
    if (!this.closedBy) this.channel.send(errorText(id, wire))
  }

  private onClosed(reason: Error): void {
    this.closedBy = reason
    for (const controller of this.serving.values()) controller.abort()
    this.pending.closeAll(reason.message)
    for (const callback of this.closeCallbacks) callback(reason)
  }

  private connectionLost(method: string, sent: boolean): ShareError {
    return new ShareError('connectionLost', `the connection was lost during ${method}: ${this.closedBy?.message}`, {
      cause: this.closedBy,
      facts: { sent },
    })
  }
}

/** Who gives a request up may have said why. */
function cancelled(method: string, signal: AbortSignal | undefined): ShareError {
  const reason: unknown = signal?.reason
  return reason instanceof ShareError ? reason : new ShareError('cancelled', `${method} was cancelled`)
}
