/** The side of a stock client's session that faces the app-server: its own link, the requests on it, and the change to the next app-server. */
import { ShareError } from '../../protocol/errors.ts'
import type { JsonObject } from '../../protocol/json/read-json.ts'
import type { Guard } from '../../rpc/guard.ts'
import { PendingRequests, type RequestEnd } from '../../rpc/pending-requests.ts'
import type { DaemonCore } from '../core.ts'
import type { ClientSide } from './client-side.ts'
import { type ClientRequest, requestFrame } from './frames/client-frames.ts'
import { dialLinked } from './frames/dial-app-server.ts'
import type { PacedSocket } from './frames/paced-socket.ts'
import { type Frame, messageIn, peekFrame } from './frames/peek-frame.ts'
import { restarting } from './rules/stock-errors.ts'
import type { CodexLink, PassOptions } from './stock-session.ts'

export interface ServerSideOptions {
  readonly core: Pick<DaemonCore, 'supervisor' | 'places' | 'gateway' | 'settings'>
  readonly guard: Guard
  readonly client: Pick<ClientSide, 'forward' | 'refuse' | 'pause' | 'resume'>
  /** Everything but the replies to what was passed on. */
  readonly onFrame: (frame: Frame, data: Buffer, isBinary: boolean) => void
  /** The link has ended while the client is still there. */
  readonly onLost: () => void
  /** Called once for an end, to link the client to the next app-server. */
  readonly relink: (reason: string) => Promise<void>
  readonly onFailure: (error: unknown) => void
}

const noFrame: Frame = { kind: 'unknown' }

export class ServerSide implements CodexLink {
  readonly pending = new PendingRequests<string, Buffer>()
  private readonly options: ServerSideOptions
  private socket: PacedSocket | undefined
  private run: string | undefined
  private ended = false
  private relinking = false
  /** Settles once the link stands, for the first time or again, or the client was let go. */
  private linking: Promise<void>

  constructor(options: ServerSideOptions) {
    this.options = options
    this.linking = this.dial().catch(options.onFailure)
  }

  /** Which run of the app-server the link is, or was, to. */
  get instance(): string | undefined {
    return this.run
  }

  get isLinked(): boolean {
    return this.socket !== undefined
  }

  async untilLinked(): Promise<void> {
    for (let last: unknown; last !== this.linking; await last) last = this.linking
  }

  send(data: Buffer | string, isBinary = false): void {
    this.socket?.send(data, isBinary)
  }

  pass(request: ClientRequest, options: PassOptions = {}, params?: JsonObject): void {
    const { client, onFailure } = this.options
    if (this.socket?.isOpen === false) this.onLinkLost('the connection closes')
    if (this.relinking && !options.isOurs) {
      this.untilLinked()
        .then(() => this.pass(request, options, params))
        .catch(onFailure)
      return
    }
    this.pending.add(request.id, (end) => this.onRequestEnd(request, options, end))
    this.socket?.send(params ? requestFrame(request.id, request.method, params) : request.data)
    if (this.socket?.isFull) this.socket.holdBack(client)
    if (!this.socket || this.ended) this.pending.closeAll('there is no link')
  }

  /** Asks something on the daemon's own account; `id` is the id's JSON text. Throws ShareError `connectionLost`. */
  ask(id: string, method: string, params: JsonObject): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      this.pending.add(id, (end) => {
        if (end.is === 'answered') resolve(messageIn(end.answer) ?? {})
        else reject(new ShareError('connectionLost', `the app-server ended during ${method}`))
      })
      if (this.socket) this.socket.send(requestFrame(id, method, params))
      else this.pending.closeAll('there is no link')
    })
  }

  /** Opens the link that everything goes over from now on. */
  async dial(): Promise<void> {
    const { core, guard } = this.options
    let socket: PacedSocket | undefined
    const dialled = await dialLinked(core, {
      guard,
      maxQueuedBytes: core.settings.limits.queuedBytes,
      onFrame: (data, isBinary) => this.receive(data, isBinary),
      onEnd: (reason) => {
        if (socket && this.socket === socket) this.onLinkLost(reason)
      },
    })
    socket = dialled.server
    this.socket = socket
    this.run = dialled.instance
    if (this.ended) socket.close(1000, 'the client left')
  }

  /** Ends the link, and goes over to the next app-server. */
  cut(reason: string): void {
    const { socket } = this
    if (!socket) return
    this.onLinkLost(reason)
    socket.close(1000, reason)
  }

  /** The client has left. */
  close(): void {
    this.ended = true
    this.socket?.close(1000, 'the client left')
    this.pending.closeAll('the client left')
  }

  pause(): void {
    this.socket?.pause()
  }

  resume(): void {
    this.socket?.resume()
  }

  private receive(data: Buffer, isBinary: boolean): void {
    const frame = isBinary ? noFrame : peekFrame(data)
    if (frame.kind !== 'reply' || !this.pending.answer(frame.id, data)) this.options.onFrame(frame, data, isBinary)
  }

  private onRequestEnd(request: ClientRequest, options: PassOptions, end: RequestEnd<Buffer>): void {
    const { client } = this.options
    if (end.is === 'answered') {
      options.onReply?.(end.answer)
      if (!options.isOurs) client.forward(end.answer, false, this)
    } else if (options.onLost) options.onLost()
    // Where the client uses an id twice it gets both replies as they come.
    else if (end.is === 'closed' && !options.isOurs) client.refuse(request, restarting())
  }

  private onLinkLost(reason: string): void {
    const { onLost, relink, onFailure } = this.options
    this.socket = undefined
    this.pending.closeAll(reason)
    if (this.ended) return
    onLost()
    if (this.relinking) return
    this.relinking = true
    this.linking = relink(reason)
      .catch(onFailure)
      .finally(() => {
        this.relinking = false
      })
  }
}
