/** One link to the app-server for stock clients with the same `initialize`: Codex sends each frame of a thread once for all of them. */
import type { Logger } from '../../../platform/logging/log.ts'
import { objectIn, textIn } from '../../../protocol/json/read-json.ts'
import type { Guard } from '../../../rpc/guard.ts'
import { PendingRequests } from '../../../rpc/pending-requests.ts'
import { guardConnection } from '../../sockets/guard-connection.ts'
import { type ClientRequest, requestFrame } from '../frames/client-frames.ts'
import { dialAppServer } from '../frames/dial-app-server.ts'
import type { PacedSocket } from '../frames/paced-socket.ts'
import { type CallFrame, messageIn, notificationIn, peekFrame, threadIdOf } from '../frames/peek-frame.ts'

/** Somebody who has a thread open. */
export interface SharedLinkMember {
  /** Runs what is done for this member, so that the others have theirs in any case. */
  readonly guard: Guard
  /** The next frame of the thread, in Codex's order; it is the same buffer for all. */
  onSharedFrame(data: Buffer, frame: CallFrame): void
  /** The link has ended. */
  onLinkLost(reason: string): void
}

/** How far the link is in a thread: how many frames it has sent since, and without, the start of this turn. */
export interface Place {
  readonly turnId: string | null
  readonly frames: number
}

export interface SharedLinkOptions {
  /** Where Codex listens now. */
  readonly socketPath: () => string
  readonly maxQueuedBytes: number
  /** So many may have a thread open before the link follows it: with few, links of their own are no dearer. */
  readonly ownLinks: number
  readonly hello: ClientRequest
  readonly log: Logger
}

export class SharedLink {
  private readonly options: SharedLinkOptions
  /** Of the link itself: its members can do without it. */
  private readonly guard: Guard
  private readonly members = new Map<string, Set<SharedLinkMember>>()
  private readonly followed = new Set<string>()
  private readonly places = new Map<string, Place>()
  private readonly pending = new PendingRequests<string, Buffer>()
  private server: PacedSocket | undefined
  private opening: Promise<void> | undefined
  private over = false

  constructor(options: SharedLinkOptions) {
    this.options = options
    this.guard = guardConnection({ log: options.log, who: () => 'the shared link', end: () => this.cut() })
  }

  /** The thread is open there, too; where enough have it, the link follows it. */
  join(threadId: string, member: SharedLinkMember): void {
    const all = this.members.get(threadId) ?? new Set()
    this.members.set(threadId, all.add(member))
    if (all.size > this.options.ownLinks && !this.follows(threadId)) this.follow(threadId)
  }

  leave(threadId: string, member: SharedLinkMember): void {
    const all = this.members.get(threadId)
    if (!all?.delete(member) || all.size > 0) return
    this.members.delete(threadId)
    this.places.delete(threadId)
    if (this.followed.delete(threadId)) this.ask('thread/unsubscribe', { threadId })
    if (this.members.size > 0) return
    this.over = true
    this.server?.close(1000, 'nobody needs it')
  }

  /** It takes no more members: it has ended, or is about to. */
  get isOver(): boolean {
    return this.over
  }

  follows(threadId: string): boolean {
    return this.followed.has(threadId)
  }

  /** Undefined before it has sent the start of a turn. */
  place(threadId: string): Place | undefined {
    return this.places.get(threadId)
  }

  private follow(threadId: string): void {
    this.followed.add(threadId)
    this.opening ??= this.open()
    // Where it fails, all stay on links of their own, as they are.
    const onReply = (data: Buffer) => {
      if (!objectIn(messageIn(data), 'result')) this.followed.delete(threadId)
    }
    this.opening
      .then(
        () => {
          if (this.follows(threadId)) this.ask('thread/resume', { threadId, excludeTurns: true }, onReply)
        },
        (error: unknown) => this.options.log.debug({ err: error, threadId }, 'no shared link'),
      )
      .catch(this.guard.failed)
  }

  private cut(): void {
    const { server } = this
    this.onEnd('what it told could not be passed on')
    server?.close(1000, 'cut off')
  }

  private async open(): Promise<void> {
    const { socketPath, maxQueuedBytes, hello } = this.options
    try {
      const server = await dialAppServer({
        socketPath: socketPath(),
        guard: this.guard,
        maxQueuedBytes,
        onFrame: (data, isBinary) => {
          if (!isBinary) this.receive(data)
        },
        onEnd: (reason) => this.onEnd(reason),
      })
      this.server = server
      if (this.over) return server.close(1000, 'nobody needs it')
      await new Promise<void>((resolve, reject) => {
        const onLost = () => reject(new Error('the app-server ended during initialize'))
        this.ask('initialize', hello.params, () => resolve(), onLost)
      })
      server.send('{"method":"initialized"}')
    } catch (error) {
      this.onEnd(String(error))
      throw error
    }
  }

  private ask(method: string, params: object, onReply = (_data: Buffer) => {}, onLost = () => {}): void {
    const id = JSON.stringify(`codex-share-${method}-${textIn({ ...params }, 'threadId') ?? ''}`)
    this.pending.add(id, (end) => (end.is === 'answered' ? onReply(end.answer) : onLost()))
    this.server?.send(requestFrame(id, method, params))
  }

  private receive(data: Buffer): void {
    const frame = peekFrame(data)
    if (frame.kind === 'reply') this.pending.answer(frame.id, data)
    if (frame.kind !== 'notification' && frame.kind !== 'request') return
    // Frames of no thread each client has on its own link.
    const threadId = threadIdOf(data)
    const members = threadId === null ? undefined : this.members.get(threadId)
    if (threadId === null || !members) return
    this.moveOn(threadId, frame, data)
    for (const member of members) member.guard.run(() => member.onSharedFrame(data, frame))
    if (frame.effectKind !== 'threadClosed') return
    this.followed.delete(threadId)
    this.places.delete(threadId)
  }

  private moveOn(threadId: string, { method, effectKind }: CallFrame, data: Buffer): void {
    const place = this.places.get(threadId)
    if (effectKind === 'turnStarted') this.places.set(threadId, { turnId: startedTurn(method, data), frames: 0 })
    else if (place) this.places.set(threadId, { ...place, frames: place.frames + 1 })
  }

  private onEnd(reason: string): void {
    this.over = true
    this.server = undefined
    this.followed.clear()
    this.places.clear()
    this.pending.closeAll(reason)
    for (const all of [...this.members.values()])
      for (const member of all) member.guard.run(() => member.onLinkLost(reason))
  }
}

/** The turn that a notification starts, by the id that it begins under. */
export function startedTurn(method: string, data: Buffer): string | null {
  const { effect } = notificationIn(method, data)
  return effect.kind === 'turnStarted' ? effect.runsAs : null
}
