/** One stock Codex on `codex.sock`: its own link to the app-server, its messages passed on as they came except where a rule applies. */
import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { ShareError, type WireError } from '../../protocol/errors.ts'
import type { Author } from '../../protocol/events.ts'
import { type JsonObject, objectIn, textIn } from '../../protocol/json/read-json.ts'
import type { Peer } from '../../protocol/methods.ts'
import { longestLabel, nearestName } from '../../protocol/text/printable-name.ts'
import type { Guard } from '../../rpc/guard.ts'
import type { DaemonCore } from '../core.ts'
import { effectOf } from '../gate/method-effects.ts'
import type { PeerIdentity } from '../peers/peer-identity.ts'
import { type Guest, shownRight } from '../peers/peers.ts'
import { includes, type Right, rightOf } from '../peers/rights.ts'
import { guardConnection } from '../sockets/guard-connection.ts'
import { ClientQuestions } from './client-questions.ts'
import { type ClientThread, ClientThreads } from './client-threads.ts'
import { errorFrame, replyFrame, requestFrame, requestIn, resolvedFrame } from './frames/client-frames.ts'
import { dialLinked } from './frames/dial-app-server.ts'
import { PacedSocket } from './frames/paced-socket.ts'
import { type Frame, frameOf, isIntroduced, messageIn, peekFrame } from './frames/peek-frame.ts'
import { type InFlight, RequestsInFlight } from './frames/requests-in-flight.ts'
import { type Relinkable, relink } from './relink.ts'
import { restrict } from './rules/restricted-client.ts'
import { restarting } from './rules/stock-errors.ts'
import { stockRules } from './rules/stock-rules.ts'
import type { HandoverClient } from './shared-link/link-handover.ts'
import { LinkHandovers } from './shared-link/link-handovers.ts'
import { followWithoutClient, observeNotification } from './shared-link/observe-notification.ts'
import type { SharedLinks } from './shared-link/shared-links.ts'
import type { ClientRequest, StockSession } from './stock-session.ts'

export interface StockConnection {
  readonly ws: WebSocket
  readonly socket: Socket
  readonly identity: PeerIdentity
}

/** Messages of the client's that may wait their turn; more are not read from it yet. */
const inboxLength = 64
/** So many times its queue may wait for a client off the shared link: it is in memory once for all of them. */
const mostQueues = 8

export class StockClient implements StockSession, Relinkable, HandoverClient, Guest {
  readonly core: DaemonCore
  readonly identity: PeerIdentity
  readonly right: Right
  readonly guard: Guard
  readonly threads = new ClientThreads()
  readonly questions: ClientQuestions
  readonly inFlight = new RequestsInFlight()
  readonly handovers: LinkHandovers
  hello: ClientRequest | undefined
  instance: string | undefined
  author: Author
  folder: string | null = null
  private readonly client: PacedSocket
  private readonly peerId: string
  private readonly since = new Date().toISOString()
  private server: PacedSocket | undefined
  private inbox = Promise.resolve()
  private waiting = 0
  private ended = false
  private relinking = false
  /** Settles once the client's own link stands, for the first time or again, or the client was let go. */
  private linking: Promise<void>

  constructor(core: DaemonCore, sharedLinks: SharedLinks, { ws, socket, identity }: StockConnection) {
    this.core = core
    this.identity = identity
    this.right = rightOf(identity, core.settings.peers)
    this.guard = guardConnection({ log: core.log, who: () => this.author.label, end: () => socket.destroy() })
    const { queuedBytes: maxQueuedBytes } = core.settings.limits
    this.handovers = new LinkHandovers({
      client: this,
      maxQueuedBytes,
      link: () => this.hello && sharedLinks.for(this.hello),
    })
    this.peerId = core.peers.addGuest(this)
    this.author = { label: this.peerId, kind: 'codex', pid: identity.pid }
    this.questions = new ClientQuestions(this)
    this.client = new PacedSocket({
      ws,
      socket,
      guard: this.guard,
      maxQueuedBytes,
      onFrame: (data, isBinary) => this.queue(data, isBinary),
      onEnd: () => this.end(),
    })
    this.linking = this.dial().catch(this.letGo)
  }

  get isOver(): boolean {
    return this.ended
  }

  describe(): Peer {
    const { label, kind, pid } = this.author
    const ids = this.threads.list().map(({ threadId }) => threadId)
    const threads = ids.filter((threadId) => this.core.directory.isShared(threadId))
    return { peerId: this.peerId, label, kind, pid, since: this.since, ...shownRight(this.right), threads }
  }

  announce({ threadId, isHelper }: ClientThread, change: 'joined' | 'left'): void {
    if (!isHelper && this.core.directory.isShared(threadId)) this.core.peers.announceGuest(threadId, change, this)
  }

  async untilLinked(): Promise<void> {
    for (let last: unknown; last !== this.linking; await last) last = this.linking
  }

  pass(request: ClientRequest, more: InFlight = {}, params?: JsonObject): void {
    if (this.server?.isOpen === false) this.linkLost('the connection closes')
    if (this.relinking && !more.isOurs) {
      this.untilLinked().then(() => this.pass(request, more, params), this.letGo)
      return
    }
    this.inFlight.add(request.id, more)
    this.server?.send(params ? requestFrame(request.id, request.method, params) : request.data)
    if (this.server?.isFull) this.server.holdBack(this.client)
    if (!this.server || this.ended) this.loseRequests()
  }

  reply({ id }: ClientRequest, result: unknown): void {
    this.client.send(replyFrame(id, result))
  }

  refuse({ id }: ClientRequest, error: WireError): void {
    this.client.send(errorFrame(id, error))
  }

  tell(frame: string): void {
    this.client.send(frame)
  }

  ask(id: string, method: string, params: JsonObject): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      const onLost = () => reject(new ShareError('connectionLost', `the app-server ended during ${method}`))
      this.inFlight.add(id, { isOurs: true, onLost, onReply: (data) => resolve(messageIn(data) ?? {}) })
      this.server?.send(requestFrame(id, method, params))
      if (!this.server) onLost()
    })
  }

  onInitialized(): void {
    this.server?.send('{"method":"initialized"}')
  }

  /**
   * The shared link cannot wait for one of many: who falls too far behind is let go, as Codex does with slow readers. What counts is what
   * waited before this frame: a large answer comes all at once to those who read, too, and after a pause of the daemon's so does much else.
   */
  deliver(data: Buffer, frame: Frame): void {
    const { queuedBytes } = this.core.settings.limits
    if (this.client.queuedBytes > queuedBytes * mostQueues) {
      this.giveUp(new Error('it reads too slowly'))
      return
    }
    if (frame.kind === 'request') this.questions.onRequest(messageIn(data) ?? {})
    else if (frame.kind === 'notification') observeNotification(this, frame, data)
    this.client.send(data)
  }

  /** Goes on with the next app-server, or lets the client come anew where this one still runs. */
  cutOff(reason: string): void {
    const { server } = this
    if (!server) return
    this.handovers.reset()
    this.linkLost(reason)
    server.close(1000, reason)
  }

  async dial(): Promise<void> {
    this.handovers.reset()
    let server: PacedSocket | undefined
    const dialled = await dialLinked(this.core, {
      guard: this.guard,
      maxQueuedBytes: this.core.settings.limits.queuedBytes,
      onFrame: (data, isBinary) => this.receive(data, isBinary),
      onEnd: (reason) => {
        if (server && this.server === server) this.linkLost(reason)
      },
    })
    server = dialled.server
    this.server = server
    this.instance = dialled.instance
    if (this.ended) server.close(1000, 'the client left')
  }

  close(code: number, reason: string): void {
    this.client.close(code, reason)
  }

  private queue(data: Buffer, isBinary: boolean): void {
    this.waiting += 1
    if (this.waiting === inboxLength) this.client.pause()
    this.inbox = this.inbox
      .then(() => this.untilLinked())
      .then(() => this.take(data, isBinary))
      .catch(this.letGo)
      .finally(() => {
        if (this.waiting === inboxLength) this.client.resume()
        this.waiting -= 1
      })
  }

  private take(data: Buffer, isBinary: boolean): void | Promise<void> {
    const message = isBinary ? undefined : messageIn(data)
    const frame = frameOf(message)
    const isFree = includes(this.right, 'full')
    if (!message || frame.kind === 'unknown' || frame.kind === 'notification') {
      if (isFree) this.server?.send(data, isBinary)
      else if (frame.kind === 'notification' && isIntroduced(frame)) this.onInitialized()
    } else if (frame.kind === 'reply') {
      if (isFree && this.questions.onReply(frame.id, message)) this.server?.send(data)
    } else {
      const asked = requestIn(message, frame, data)
      const request = isFree ? asked : restrict(this, asked)
      if (!request) return
      const effect = effectOf(request.method)
      if (effect) return stockRules[effect](this, request)
      this.pass(request)
    }
  }

  onInitialize(request: ClientRequest): void {
    this.hello ??= request
    const name = textIn(objectIn(request.params, 'clientInfo'), 'name') ?? 'codex'
    // Several are there at once and all call themselves the same; who wrote what must still be told apart.
    const ownName = nearestName(name, longestLabel - this.peerId.length - 1) || 'codex'
    this.author = { ...this.author, label: `${ownName} ${this.peerId}` }
  }

  private receive(data: Buffer, isBinary: boolean): void {
    if (!isBinary && !this.watch(data)) return
    this.client.send(data, isBinary)
    if (this.client.isFull && this.server) this.client.holdBack(this.server)
  }

  /** Takes note of what goes by. Returns whether the client is to have it. */
  private watch(data: Buffer): boolean {
    const frame = peekFrame(data)
    switch (frame.kind) {
      case 'reply':
        return this.inFlight.settle(frame.id, data)
      case 'request':
        if (!this.handovers.onOwnFrame(frame, data)) return false
        this.questions.onRequest(messageIn(data) ?? {})
        return true
      case 'notification':
        if (!this.handovers.onOwnFrame(frame, data)) return false
        observeNotification(this, frame, data)
        return true
      case 'unknown':
        return true
    }
  }

  private linkLost(reason: string): void {
    this.server = undefined
    this.loseRequests()
    if (this.ended) return
    for (const { threadId, requestId } of this.questions.cancelAll())
      if (threadId !== null) this.client.send(resolvedFrame(threadId, requestId))
    if (this.relinking) return
    this.relinking = true
    this.linking = relink(this, reason)
      .catch(this.letGo)
      .finally(() => {
        this.relinking = false
      })
  }

  private loseRequests(): void {
    for (const id of this.inFlight.lose()) this.client.send(errorFrame(id, restarting()))
  }

  /** Where a promise ends that nobody waits for: giving up may fail as well, and that is nobody else's affair. */
  private readonly letGo = (error: unknown): void => this.guard.run(() => this.giveUp(error))

  private giveUp(error: unknown): void {
    if (this.ended) return
    const reason = error instanceof Error ? error.message : String(error)
    this.core.log.warn({ client: this.author.label, reason }, 'a stock Codex was let go')
    this.handovers.reset()
    this.client.close(1013, reason)
  }

  /** The client has left. Its turns go on, and its questions stay open for others. */
  private end(): void {
    this.ended = true
    this.server?.close(1000, 'the client left')
    this.inFlight.lose()
    this.handovers.reset()
    this.core.peers.removeGuest(this)
    for (const thread of this.threads.list()) this.announce(thread, 'left')
    followWithoutClient(this, this.threads.list()).catch(this.letGo)
  }
}
