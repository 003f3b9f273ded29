/** One stock Codex on `codex.sock`: its messages are passed on as they came except where a rule applies. */
import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Author } from '../../protocol/events.ts'
import { hasMoreValuesThan } from '../../protocol/json/count-values.ts'
import type { Peer } from '../../protocol/methods.ts'
import type { Guard } from '../../rpc/guard.ts'
import type { PendingRequests } from '../../rpc/pending-requests.ts'
import type { DaemonCore } from '../core.ts'
import { effectOf } from '../gate/method-effects.ts'
import type { PeerIdentity } from '../peers/peer-identity.ts'
import { type Guest, shownRight } from '../peers/peers.ts'
import { includes, type Right, rightOf } from '../peers/rights.ts'
import { guardConnection } from '../sockets/guard-connection.ts'
import { ClientIntroduction } from './client-introduction.ts'
import { ClientQuestions } from './client-questions.ts'
import { ClientSide } from './client-side.ts'
import { type ClientThread, ClientThreads } from './client-threads.ts'
import { type ClientRequest, requestIn, resolvedFrame } from './frames/client-frames.ts'
import { type CallFrame, type Frame, frameOf, isIntroduced, messageIn } from './frames/peek-frame.ts'
import { initialized, type Relinkable, relink } from './relink.ts'
import { restrict } from './rules/restricted-client.ts'
import { stockRules } from './rules/stock-rules.ts'
import { ServerSide } from './server-side.ts'
import type { HandoverClient } from './shared-link/link-handover.ts'
import { LinkHandovers } from './shared-link/link-handovers.ts'
import { followWithoutClient, observeNotification } from './shared-link/observe-notification.ts'
import type { SharedLinks } from './shared-link/shared-links.ts'
import type { StockSession } from './stock-session.ts'

/** To read more would hold up all others. */
const mostValues = 100_000

export interface StockConnection {
  readonly ws: WebSocket
  readonly socket: Socket
  readonly identity: PeerIdentity
  /** It came to where a plain `codex` looks for its own server. */
  readonly isAdopted: boolean
}

export class StockClient implements StockSession, Relinkable, HandoverClient, Guest {
  readonly core: DaemonCore
  readonly identity: PeerIdentity
  readonly right: Right
  readonly isAdopted: boolean
  readonly guard: Guard
  readonly introduction: ClientIntroduction
  readonly threads = new ClientThreads()
  readonly questions: ClientQuestions
  readonly handovers: LinkHandovers
  readonly client: ClientSide
  readonly server: ServerSide
  private readonly peerId: string
  private readonly since = new Date().toISOString()
  private ended = false

  constructor(core: DaemonCore, sharedLinks: SharedLinks, { ws, socket, identity, isAdopted }: StockConnection) {
    const { queuedBytes: maxQueuedBytes } = core.settings.limits
    this.core = core
    this.identity = identity
    this.isAdopted = isAdopted
    this.right = rightOf(identity, core.settings.peers)
    const guard = guardConnection({ log: core.log, who: () => this.author.label, end: () => socket.destroy() })
    this.guard = guard
    this.peerId = core.peers.addGuest(this)
    this.introduction = new ClientIntroduction(this.peerId, identity.pid)
    this.questions = new ClientQuestions(this)
    const { introduction } = this
    this.handovers = new LinkHandovers({
      client: this,
      maxQueuedBytes,
      link: () => introduction.hello && sharedLinks.for(introduction.hello),
    })
    this.client = new ClientSide({
      ...{ ws, socket, guard, maxQueuedBytes },
      untilReady: () => this.server.untilLinked(),
      onMessage: (data, isBinary) => this.take(data, isBinary),
      onFailure: this.letGo,
      onEnd: () => this.end(),
    })
    this.server = new ServerSide({
      ...{ core, guard, client: this.client },
      onFrame: (frame, data, isBinary) => this.onServerFrame(frame, data, isBinary),
      onLost: () => this.cancelQuestions(),
      relink: (reason) => relink(this, reason),
      onFailure: this.letGo,
    })
  }

  get author(): Author {
    return this.introduction.author
  }

  get isOver(): boolean {
    return this.ended
  }

  get inFlight(): PendingRequests<string, Buffer> {
    return this.server.pending
  }

  describe(): Peer {
    const { label, kind, pid } = this.author
    const ids = this.threads.list().map(({ threadId }) => threadId)
    const threads = ids.filter((threadId) => this.core.directory.isShared(threadId))
    return { peerId: this.peerId, label, kind, pid, since: this.since, ...shownRight(this.right), threads }
  }

  announce({ threadId, isHelper }: ClientThread, change: 'joined' | 'left'): void {
    if (isHelper) return
    const { privateThreads, directory, peers } = this.core
    if (this.isAdopted) privateThreads.note(threadId, change, this)
    if (directory.isShared(threadId)) peers.announceGuest(threadId, change, this)
  }

  tell(frame: string): void {
    this.client.send(frame)
  }

  /**
   * The shared link cannot wait for one of many: a client that falls too far behind is let go, as Codex does with slow readers. What
   * counts is what waited before this frame: a large answer comes all at once to those who read, too, and after a pause of the daemon's
   * so does much else.
   */
  deliver(data: Buffer, frame: CallFrame): void {
    if (this.client.isLate) {
      this.giveUp(new Error('it reads too slowly'))
      return
    }
    this.observe(frame, data)
    this.client.send(data)
  }

  /** Goes over to the next app-server, or has the client connect again where this one still runs. */
  cutOff(reason: string): void {
    if (!this.server.isLinked) return
    this.handovers.reset()
    this.server.cut(reason)
  }

  close(code: number, reason: string): void {
    this.client.close(code, reason)
  }

  private take(data: Buffer, isBinary: boolean): void | Promise<void> {
    if (hasMoreValuesThan(mostValues, data)) throw new Error(`a message has more than ${mostValues} values`)
    const message = isBinary ? undefined : messageIn(data)
    const frame = frameOf(message)
    if (message && frame.kind === 'request') return this.takeRequest(requestIn(message, frame, data))
    if (!includes(this.right, 'full')) {
      if (frame.kind === 'notification' && isIntroduced(frame)) this.server.send(initialized)
      return
    }
    if (!message || frame.kind !== 'reply') this.server.send(data, isBinary)
    else if (this.questions.onReply(frame.id, message)) this.server.send(data)
  }

  private takeRequest(asked: ClientRequest): void | Promise<void> {
    const request = includes(this.right, 'full') ? asked : restrict(this, asked)
    if (!request) return
    const effect = effectOf(request.method)
    if (effect) return stockRules[effect](this, request)
    this.server.pass(request)
  }

  private onServerFrame(frame: Frame, data: Buffer, isBinary: boolean): void {
    if (frame.kind === 'request' || frame.kind === 'notification') {
      if (!this.handovers.onOwnFrame(frame, data)) return
      this.observe(frame, data)
    }
    this.client.forward(data, isBinary, this.server)
  }

  /** Takes note of what the client is sent. */
  private observe(frame: CallFrame, data: Buffer): void {
    if (frame.kind === 'request') this.questions.onRequest(messageIn(data) ?? {})
    else observeNotification(this, frame, data)
  }

  private cancelQuestions(): void {
    for (const { threadId, requestId } of this.questions.cancelAll())
      if (threadId !== null) this.client.send(resolvedFrame(threadId, requestId))
  }

  /** Catches promises that nobody waits for. Giving up may throw as well, and that must not reach other clients. */
  private readonly letGo = (error: unknown): void => this.guard.run(() => this.giveUp(error))

  private giveUp(error: unknown): void {
    if (this.ended) return
    const reason = error instanceof Error ? error.message : String(error)
    this.core.log.warn({ client: this.author.label, reason }, 'a stock Codex was let go')
    this.handovers.reset()
    this.client.close(1013, reason)
  }

  /** The client has left. Its turns still run, and its questions stay open for others. */
  private end(): void {
    this.ended = true
    this.server.close()
    this.handovers.reset()
    this.core.peers.removeGuest(this)
    for (const thread of this.threads.list()) this.announce(thread, 'left')
    followWithoutClient(this, this.threads.list()).catch(this.letGo)
  }
}
