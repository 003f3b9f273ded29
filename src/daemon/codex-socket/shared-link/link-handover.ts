/** A thread that a stock client gets from its own link at first, and from the one in common with others once that tells the same, without a seam. */

import { objectIn, textIn } from '../../../protocol/json/read-json.ts'
import type { Guard } from '../../../rpc/guard.ts'
import type { ClientThread } from '../client-threads.ts'
import { type CallFrame, messageIn } from '../frames/peek-frame.ts'
import type { StockSession } from '../stock-session.ts'
import { type SharedLink, type SharedLinkMember, startedTurn } from './shared-link.ts'

export interface HandoverClient extends Pick<StockSession, 'pass' | 'guard'> {
  /** A frame from the shared link is the client's. */
  deliver(data: Buffer, frame: CallFrame): void
  /** What the client has been told cannot go on: it is to go over to the next app-server, or to come anew. */
  cutOff(reason: string): void
}

export interface LinkHandoverOptions {
  readonly thread: ClientThread
  readonly link: SharedLink
  readonly client: HandoverClient
  /** More bytes than this are not kept while it changes over. */
  readonly maxQueuedBytes: number
}

/**
 * The change-over is within a turn whose start both links have told of. From there on frames are counted, which are the same on both
 * (tried on Codex 0.169): the client's own link is unsubscribed, and how many it told before the reply is where the shared link goes on.
 * A client that comes in the middle of a turn stays on its own link until the next one.
 */
export class LinkHandover implements SharedLinkMember {
  private readonly options: LinkHandoverOptions
  private way: 'own' | 'changing' | 'shared' = 'own'
  /** The turn whose start its own link has told of, how many frames it has told since, and the last of them. */
  private turnId: string | null = null
  private told = 0
  private last: Buffer | undefined
  /** How many frames since that start the shared link has told, and those of them that came during the change-over. */
  private place = 0
  private early: { readonly data: Buffer; readonly frame: CallFrame }[] = []
  private earlyBytes = 0

  constructor(options: LinkHandoverOptions) {
    this.options = options
    options.link.join(options.thread.threadId, this)
  }

  get guard(): Guard {
    return this.options.client.guard
  }

  get isOwn(): boolean {
    return this.way === 'own'
  }

  /** Whether it has to see more of the client's own link than the starts of turns. */
  get watches(): boolean {
    return this.way !== 'own' || this.turnId !== null
  }

  /** A frame of the thread on the client's own link. Returns whether the client is to have it. */
  onOwnFrame({ method, tells }: CallFrame, data: Buffer): boolean {
    // Some things Codex tells everybody, subscribed or not: the shared link has them too, in their place.
    if (this.way === 'shared') return false
    this.told += 1
    this.last = data
    if (this.way === 'changing') return true
    if (tells === 'turnStarted') this.onTurnStarted(method, data)
    this.tryChange()
    if (tells === 'turnEnded' && this.isOwn) this.turnId = null
    return true
  }

  take(data: Buffer, frame: CallFrame): void {
    // The link may be the one that lags, and the client's own have nothing more to tell for a while.
    if (this.way === 'own') this.tryChange()
    else if (this.way === 'shared') this.passOn(data, frame)
    else this.keep(data, frame)
  }

  onLinkLost(reason: string): void {
    const { isOwn } = this
    this.backToOwn()
    if (!isOwn) this.options.client.cutOff(reason)
  }

  /** The client has resumed it once more, so that its own link tells of it again. */
  onResumed(): void {
    const { link, thread } = this.options
    link.join(thread.threadId, this)
    if (thread.turnId === null) this.backToOwn()
    else if (!this.isOwn) this.unsubscribe(() => {})
  }

  leave(): void {
    this.backToOwn()
    this.options.link.leave(this.options.thread.threadId, this)
  }

  private onTurnStarted(method: string, data: Buffer): void {
    const { link, thread } = this.options
    this.turnId = link.follows(thread.threadId) ? startedTurn(method, data) : null
    this.told = 0
  }

  private tryChange(): void {
    const { link, thread } = this.options
    const place = link.place(thread.threadId)
    if (this.turnId === null || place?.turnId !== this.turnId) return
    this.way = 'changing'
    this.place = place.frames
    this.unsubscribe((data) => {
      const result = objectIn(messageIn(data), 'result')
      if (textIn(result, 'status') === 'unsubscribed') this.changeOver()
      else this.backToOwn()
    })
  }

  private unsubscribe(onReply: (data: Buffer) => void): void {
    const { client, thread } = this.options
    const { threadId } = thread
    const request = { id: JSON.stringify(`codex-share-leave-${threadId}`), method: 'thread/unsubscribe' }
    client.pass({ ...request, params: {}, data: Buffer.alloc(0) }, { isOurs: true, onReply }, { threadId })
  }

  private keep(data: Buffer, frame: CallFrame): void {
    this.early.push({ data, frame })
    this.earlyBytes += data.length
    if (this.earlyBytes > this.options.maxQueuedBytes) this.options.client.cutOff('the change-over takes too long')
  }

  /** Its own link has told its last. */
  private changeOver(): void {
    if (this.way !== 'changing') return
    this.way = 'shared'
    const { early } = this
    this.early = []
    this.earlyBytes = 0
    if (this.place === this.told) this.last = undefined
    for (const { data, frame } of early) this.passOn(data, frame)
  }

  /** A frame from the shared link, which first comes to where the client's own link has ended. */
  private passOn(data: Buffer, frame: CallFrame): void {
    if (this.last === undefined) {
      this.options.client.deliver(data, frame)
      if (frame.tells === 'threadClosed') this.backToOwn()
      return
    }
    this.place += 1
    if (this.place < this.told) return
    const isSame = this.place === this.told && data.equals(this.last)
    this.last = undefined
    if (!isSame) this.options.client.cutOff('the links do not tell the same')
  }

  /** From here on the client's own link counts. */
  private backToOwn(): void {
    this.way = 'own'
    this.turnId = null
    this.last = undefined
    this.early = []
    this.earlyBytes = 0
  }
}
