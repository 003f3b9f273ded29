/** Keeps which link sends each thread of one stock client that others may have open too. */
import type { ClientThread } from '../client-threads.ts'
import { type CallFrame, threadIdOf } from '../frames/peek-frame.ts'
import type { ThreadHandovers } from '../stock-session.ts'
import { type HandoverClient, LinkHandover } from './link-handover.ts'
import type { SharedLink } from './shared-link.ts'

export interface LinkHandoversOptions {
  readonly client: HandoverClient
  readonly maxQueuedBytes: number
  /** The shared link for the client's `initialize`; undefined where there can be none. */
  readonly link: () => SharedLink | undefined
}

export class LinkHandovers implements ThreadHandovers {
  private readonly options: LinkHandoversOptions
  private readonly threads = new Map<string, LinkHandover>()

  constructor(options: LinkHandoversOptions) {
    this.options = options
  }

  onOpened(thread: ClientThread): void {
    const before = this.threads.get(thread.threadId)
    const link = before || thread.isHelper ? undefined : this.options.link()
    before?.onResumed()
    if (link) this.threads.set(thread.threadId, new LinkHandover({ ...this.options, thread, link }))
  }

  onClosed(threadId: string): void {
    this.threads.get(threadId)?.leave()
    this.threads.delete(threadId)
  }

  isOwn(threadId: string): boolean {
    return this.threads.get(threadId)?.isOwn ?? true
  }

  /** A notification or request on the client's own link. Returns whether the client is to have it. */
  onOwnFrame(frame: CallFrame, data: Buffer): boolean {
    for (const [threadId, thread] of this.threads) {
      if (frame.effectKind !== 'turnStarted' && !thread.watches) continue
      // A flood of another thread passes without being parsed.
      if (data.includes(threadId) && threadIdOf(data) === threadId) return thread.onOwnFrame(frame, data)
    }
    return true
  }

  /** Nothing comes from shared links from here on: the client leaves, or its own link is a new one. */
  reset(): void {
    for (const threadId of [...this.threads.keys()]) this.onClosed(threadId)
  }
}
