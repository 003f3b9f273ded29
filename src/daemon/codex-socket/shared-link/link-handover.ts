/** One thread of a stock client: sent by the client's own link at first, and by the shared link once both have sent the start of a turn. */

import { objectIn, textIn } from '../../../protocol/json/read-json.ts'
import type { Guard } from '../../../rpc/guard.ts'
import type { ClientThread } from '../client-threads.ts'
import { type CallFrame, messageIn } from '../frames/peek-frame.ts'
import type { CodexLink } from '../stock-session.ts'
import { type HandoverInput, type HandoverState, onOwnLink, step } from './handover-step.ts'
import { type SharedLink, type SharedLinkMember, startedTurn } from './shared-link.ts'

export interface HandoverClient {
  readonly guard: Guard
  readonly server: Pick<CodexLink, 'pass'>
  /** A frame from the shared link is the client's. */
  deliver(data: Buffer, frame: CallFrame): void
  /** What the client was sent cannot be continued: it goes over to the next app-server, or has to connect again. */
  cutOff(reason: string): void
}

export interface LinkHandoverOptions {
  readonly thread: ClientThread
  readonly link: Pick<SharedLink, 'join' | 'leave' | 'follows' | 'place'>
  readonly client: HandoverClient
  /** More bytes than this are not kept during the change. */
  readonly maxQueuedBytes: number
}

/** A client that comes in the middle of a turn stays on its own link until the next one. */
export class LinkHandover implements SharedLinkMember {
  private readonly options: LinkHandoverOptions
  private state: HandoverState = onOwnLink
  private unsubscribes = 0

  constructor(options: LinkHandoverOptions) {
    this.options = options
    options.link.join(options.thread.threadId, this)
  }

  get guard(): Guard {
    return this.options.client.guard
  }

  get isOwn(): boolean {
    return this.state.way === 'own'
  }

  /** Whether it has to see more of the client's own link than the starts of turns. */
  get watches(): boolean {
    return this.state.way !== 'own' || this.state.turn !== null
  }

  /** A frame of the thread on the client's own link. Returns whether the client gets it. */
  onOwnFrame({ method, effectKind }: CallFrame, data: Buffer): boolean {
    const { link, thread } = this.options
    const starts = this.isOwn && effectKind === 'turnStarted' && link.follows(thread.threadId)
    return this.take({
      is: 'ownFrame',
      data,
      effectKind,
      started: starts ? startedTurn(method, data) : null,
      place: this.place,
    })
  }

  onSharedFrame(data: Buffer, frame: CallFrame): void {
    this.take({ is: 'sharedFrame', frame: { data, frame }, place: this.place })
  }

  onLinkLost(reason: string): void {
    this.take({ is: 'linkLost', reason })
  }

  /** The client has resumed the thread once more. */
  onResumed(): void {
    const { link, thread } = this.options
    link.join(thread.threadId, this)
    this.take({ is: 'resumed', runsTurn: thread.turnId !== null })
  }

  leave(): void {
    this.take({ is: 'closed' })
    this.options.link.leave(this.options.thread.threadId, this)
  }

  /** It matters before a change alone. */
  private get place() {
    return this.isOwn ? this.options.link.place(this.options.thread.threadId) : undefined
  }

  /** Returns whether the client gets the frame of its own link that came in. */
  private take(input: HandoverInput): boolean {
    const { client, maxQueuedBytes } = this.options
    const { state, effects } = step(this.state, input, maxQueuedBytes)
    this.state = state
    let passes = false
    for (const effect of effects) {
      if (effect.is === 'pass') passes = true
      else if (effect.is === 'deliver') client.deliver(effect.frame.data, effect.frame.frame)
      else if (effect.is === 'unsubscribe') this.unsubscribe(effect.begins)
      else client.cutOff(effect.reason)
    }
    return passes
  }

  private unsubscribe(begins: boolean): void {
    const { client, thread } = this.options
    const { threadId } = thread
    this.unsubscribes += 1
    // Each with an id of its own: two may be under way, and only the reply to the first says that the own link has ended.
    const id = JSON.stringify(`codex-share-leave-${threadId}-${this.unsubscribes}`)
    const onReply = (data: Buffer) => {
      const isUnsubscribed = textIn(objectIn(messageIn(data), 'result'), 'status') === 'unsubscribed'
      if (begins) this.take({ is: 'left', isUnsubscribed })
    }
    const request = { id, method: 'thread/unsubscribe', params: {}, data: Buffer.alloc(0) }
    client.server.pass(request, { isOurs: true, onReply }, { threadId })
  }
}
