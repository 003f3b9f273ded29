/** One link to two servers: what is about a thread that is open in the user's own Codex server goes there, all else to ours. */
import { setTimeout as delay } from 'node:timers/promises'
import { awakeMs } from '../../platform/time/awake-clock.ts'
import { ShareError } from '../../protocol/errors.ts'
import { objectOf, textIn } from '../../protocol/json/read-json.ts'
import type { AppServerLink } from '../link/app-server-link.ts'
import { threadTrouble } from '../link/upstream-quirks.ts'

/** An update of Codex restarts the user's server: for so long it may just be on its way back. */
const defaultBackWithinMs = 5000
const betweenTriesMs = 100

export interface ThreadRouterOptions {
  /** Opens a link to the user's own server; undefined when none runs, or none that answers. */
  readonly openUserServer: () => Promise<AppServerLink | undefined>
  /** The link to the user's server has ended, and these threads were reached there. */
  readonly onLost: (threadIds: readonly string[]) => void
  /** Milliseconds that the user's server may be away and keep its threads; 5 s by default. */
  readonly backWithinMs?: number
}

type Server = 'ours' | "the user's"
type Send<T> = (link: AppServerLink) => Promise<T>

export class ThreadRouter {
  private readonly options: ThreadRouterOptions
  private readonly inUserServer = new Set<string>()
  private readonly routed = new WeakMap<AppServerLink, AppServerLink>()
  private userLink: Promise<AppServerLink | undefined> | undefined
  private lostAtMs = -Infinity
  private closed = false

  constructor(options: ThreadRouterOptions) {
    this.options = options
  }

  /** Whether the thread is reached in the user's own server. */
  isInUserServer(threadId: string): boolean {
    return this.inUserServer.has(threadId)
  }

  /** The threads that are reached there, or were when it was last seen. */
  get threadsInUserServer(): readonly string[] {
    return [...this.inUserServer]
  }

  /** Whether the user's own server can be reached at this moment. */
  async isUserServerThere(): Promise<boolean> {
    return (await this.userServer()) !== undefined
  }

  /**
   * Has the thread opened in our server from now on, unless the one that it was open in is there, or back within a few seconds. For
   * what is to happen in it: a client that only follows must not take it from the user's own UI, which is about to reconnect.
   */
  async takeBack(threadId: string): Promise<void> {
    const { backWithinMs = defaultBackWithinMs } = this.options
    while (this.isInUserServer(threadId) && !(await this.isUserServerThere())) {
      if (awakeMs() - this.lostAtMs > backWithinMs) this.setOwner(threadId, 'ours')
      else await delay(betweenTriesMs)
    }
  }

  /** Our link with the routes to the user's server; the same for the same link. */
  route(own: AppServerLink): AppServerLink {
    const before = this.routed.get(own)
    if (before) return before
    const routed: AppServerLink = {
      ...own,
      request: (method, params, options) =>
        this.send(own, method, params, (link) => link.request(method, params, options)),
      forward: (method, params, options) =>
        this.send(own, method, params, (link) => link.forward(method, params, options)),
    }
    this.routed.set(own, routed)
    return routed
  }

  async close(): Promise<void> {
    this.closed = true
    ;(await this.userLink)?.close()
  }

  private async send<T>(own: AppServerLink, method: string, params: unknown, send: Send<T>): Promise<T> {
    const threadId = threadIdOf(params)
    if (threadId === undefined) return send(own)
    const owner = this.ownerOf(threadId)
    // At once in ours: what is asked for later is not to overtake it.
    const link = owner === 'ours' ? own : await this.userServer()
    if (method !== 'thread/resume') return send(link ?? own)
    if (!link) throw new UserServerGone(threadId)
    try {
      return await send(link)
    } catch (error) {
      if (threadTrouble(error)?.kind !== 'activeWriter') throw error
      return await this.resumeIn(owner === 'ours' ? "the user's" : 'ours', { own, threadId, send, refusal: error })
    }
  }

  /** Resumes a thread that its owner says it has not: the refusal stands where the second server does not have it either. */
  private async resumeIn<T>(server: Server, { own, threadId, send, refusal }: RefusedResume<T>): Promise<T> {
    const link = server === 'ours' ? own : await this.userServer()
    if (!link) throw refusal
    const result = await send(link).catch(() => Promise.reject(refusal))
    this.setOwner(threadId, server)
    return result
  }

  private ownerOf(threadId: string): Server {
    return this.inUserServer.has(threadId) ? "the user's" : 'ours'
  }

  private setOwner(threadId: string, server: Server): void {
    if (server === 'ours') this.inUserServer.delete(threadId)
    else this.inUserServer.add(threadId)
  }

  /** The link to it; undefined where it is not there. */
  private userServer(): Promise<AppServerLink | undefined> {
    this.userLink ??= this.openUserLink()
    return this.userLink
  }

  private async openUserLink(): Promise<AppServerLink | undefined> {
    const link = await this.options.openUserServer()
    if (!link) this.userLink = undefined
    void link?.closed.then(() => {
      this.userLink = undefined
      this.lostAtMs = awakeMs()
      if (!this.closed) this.options.onLost(this.threadsInUserServer)
    })
    return link
  }
}

interface RefusedResume<T> {
  readonly own: AppServerLink
  readonly threadId: string
  readonly send: Send<T>
  readonly refusal: unknown
}

/** A thread was open in the user's own server, and that has gone: it is read, and not opened in ours before a client acts in it. */
export class UserServerGone extends ShareError {
  constructor(threadId: string) {
    super('unavailable', `thread ${threadId} was open in the user's own Codex server, which has gone`, {
      facts: { threadId, sent: false },
      hint: 'Start it again (`codex app-server daemon start`), or post into the thread: it is opened here then.',
    })
  }
}

function threadIdOf(params: unknown): string | undefined {
  return textIn(objectOf(params), 'threadId') ?? undefined
}
