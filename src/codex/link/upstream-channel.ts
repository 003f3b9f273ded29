/** JSON-RPC over one connection to the app-server: calls that always end, what comes in handed on as it comes, one end. */
import { type AwakeTimeout, awakeTimeout } from '../../platform/time/awake-clock.ts'
import { ShareError } from '../../protocol/errors.ts'
import { PendingRequests } from '../../rpc/pending-requests.ts'
import type { UpstreamNotification } from '../decoding/decode-notification.ts'
import { decodeMessage, encodeMessage, type UpstreamRequest } from '../decoding/upstream-message.ts'
import type { AppServerSocket, AppServerSocketOptions, LinkEnd } from './app-server-socket.ts'
import { addCall, type CallAnswer, connectionLost } from './pending-call.ts'

/** Called synchronously, in the order of the wire. One that throws ends the link: what it was given would be lost otherwise. */
export interface UpstreamHandlers {
  readonly onNotification: (notification: UpstreamNotification) => void
  readonly onRequest: (request: UpstreamRequest) => void
}

export type SocketHandlers = Pick<AppServerSocketOptions, 'onText' | 'onAlive' | 'onEnd'>

export interface UpstreamChannelOptions extends UpstreamHandlers {
  /** Makes the connection: a WebSocket, or the pipes of a child. */
  readonly connect: (handlers: SocketHandlers) => Promise<AppServerSocket>
  /** Milliseconds an app-server that left a request unanswered has to answer a ping. */
  readonly pongTimeoutMs: number
}

export interface CallOptions {
  /** Milliseconds; 60 s by default. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal | undefined
}

export interface UpstreamChannel {
  readonly closed: Promise<LinkEnd>
  /**
   * Rejects with `UpstreamError` when the app-server refuses, else with a ShareError: `usage` (it could not have read it),
   * `timedOut`, `cancelled`, `connectionLost`; `facts.sent` says whether the app-server may have got it.
   */
  call(method: string, params: unknown, options?: CallOptions): Promise<unknown>
  /** How many calls wait for their answer. */
  unanswered(): number
  /** Sends a message that has no answer; after the end it goes nowhere. */
  tell(message: object): void
  end(end: LinkEnd): void
}

/** @throws Error with the system's `code` (ENOENT, ECONNREFUSED, …) when nobody listens */
export async function openUpstreamChannel(options: UpstreamChannelOptions): Promise<UpstreamChannel> {
  const { connect, pongTimeoutMs, onNotification, onRequest } = options
  const { promise: closed, resolve: setClosed } = Promise.withResolvers<LinkEnd>()
  let ended: LinkEnd | undefined
  let pongTimer: AwakeTimeout | undefined
  let lastId = 0
  let socket: AppServerSocket | undefined
  let endedEarly: LinkEnd | undefined
  /** A frame may come right behind the handshake, before the caller has the socket to end. */
  const end = (reason: LinkEnd) => {
    if (socket === undefined) endedEarly ??= reason
    else socket.end(reason)
  }

  const pending = new PendingRequests<unknown, CallAnswer>()
  const onTimeout = () => {
    if (ended !== undefined || pongTimer !== undefined) return
    const silent = { why: 'silent', message: `no answer and no pong within ${pongTimeoutMs / 1000} s` } as const
    pongTimer = awakeTimeout(() => end(silent), pongTimeoutMs)
    socket?.ping()
  }
  const onAlive = () => {
    pongTimer?.clear()
    pongTimer = undefined
  }
  const onEnd = (reason: LinkEnd) => {
    ended = reason
    pongTimer?.clear()
    pending.closeAll(reason.message)
    setClosed(reason)
  }
  const onText = (text: string) => {
    const message = decodeMessage(text)
    try {
      switch (message?.kind) {
        case 'notification':
          return onNotification(message.notification)
        case 'request':
          return onRequest(message.request)
        // An answer nobody waits for any more came after its deadline, and that has been reported: nothing to add.
        case 'result':
        case 'error':
          return pending.answer(message.id, message)
        case undefined:
          return end({ why: 'garbage', message: `this is not a message: ${text.slice(0, 80)}` })
        default:
          return message satisfies never
      }
    } catch (cause) {
      return end({ why: 'handlerFailed', message: `a handler threw: ${String(cause)}`, cause })
    }
  }
  const connected = await connect({ onText, onAlive, onEnd })
  socket = connected
  if (endedEarly) connected.end(endedEarly)

  return {
    closed,
    call: async (method, params, { timeoutMs = 60_000, signal } = {}) => {
      if (ended !== undefined) throw connectionLost(method, { sent: false, reason: ended.message })
      if (signal?.aborted)
        throw new ShareError('cancelled', `${method} was cancelled.`, { facts: { method, sent: false } })
      const id = ++lastId
      // Written out before it counts as pending: what cannot be sent must not wait for an answer.
      const text = encodeMessage({ id, method, params })
      const { answer, markSent } = addCall(pending, { id, method, timeoutMs, signal, onTimeout })
      connected.send(text, markSent)
      return answer
    },
    unanswered: () => pending.size,
    tell: (message) => {
      if (ended === undefined) connected.send(encodeMessage(message), () => {})
    },
    end: connected.end,
  }
}
