/** One link to two servers: what is about a thread that is open in the user's own Codex server goes there, all else to ours. */
import { setTimeout as delay } from 'node:timers/promises'
import { awakeMs } from '../../platform/time/awake-clock.ts'
import { ShareError } from '../../protocol/errors.ts'
import { objectOf, textIn } from '../../protocol/json/read-json.ts'
import type { AppServerLink } from '../link/app-server-link.ts'
import { threadTrouble } from '../link/upstream-quirks.ts'

/** An update of Codex restarts the user's server: for so long it may just be on its way back. */
const backWithinMs = 5000
const betweenTriesMs = 100

export interface ThreadRouterOptions {
  /** Opens a link to the user's own server; undefined when none runs, or none that answers. */
  readonly openOther: () => Promise<AppServerLink | undefined>
  /** The other server has gone, and these threads were reached there. */
  readonly onLost: (threadIds: readonly string[]) => void
}

export class ThreadRouter {
  private readonly options: ThreadRouterOptions
  private readonly elsewhere = new Set<string>()
  private readonly routed = new WeakMap<AppServerLink, AppServerLink>()
  private other: Promise<AppServerLink | undefined> | undefined
  private lostAtMs = -Infinity
  private closed = false

  constructor(options: ThreadRouterOptions) {
    this.options = options
  }

  /** Whether the thread is reached in the user's own server. */
  isElsewhere(threadId: string): boolean {
    return this.elsewhere.has(threadId)
  }

  /** The threads that are reached there, or were when it was last seen. */
  get threadsElsewhere(): readonly string[] {
    return [...this.elsewhere]
  }

  /** Whether the user's own server can be reached at this moment. */
  async isThere(): Promise<boolean> {
    return (await this.link()) !== undefined
  }

  /**
   * Has the thread opened in our server from now on, unless the one that it was open in is there, or back within a few seconds. For
   * what is to happen in it: somebody who only follows must not take it from the user's own UI, which is about to reconnect.
   */
  async takeBack(threadId: string): Promise<void> {
    while (this.elsewhere.has(threadId) && !(await this.isThere())) {
      if (awakeMs() - this.lostAtMs > backWithinMs) this.elsewhere.delete(threadId)
      else await delay(betweenTriesMs)
    }
  }

  /** Our link with the routes to the other server; the same for the same link. */
  route(own: AppServerLink): AppServerLink {
    const before = this.routed.get(own)
    if (before) return before
    const routed: AppServerLink = {
      ...own,
      request: (method, params, options) =>
        this.over(own, method, params, (link) => link.request(method, params, options)),
      forward: (method, params, options) =>
        this.over(own, method, params, (link) => link.forward(method, params, options)),
    }
    this.routed.set(own, routed)
    return routed
  }

  async close(): Promise<void> {
    this.closed = true
    ;(await this.other)?.close()
  }

  private async over<T>(
    own: AppServerLink,
    method: string,
    params: unknown,
    send: (link: AppServerLink) => Promise<T>,
  ): Promise<T> {
    const threadId = threadIdOf(params)
    if (threadId === undefined) return send(own)
    const isTheirs = this.elsewhere.has(threadId)
    const theirs = isTheirs ? await this.link() : undefined
    if (method !== 'thread/resume') return send(theirs ?? own)
    if (isTheirs && !theirs) throw new OtherServerGone(threadId)
    try {
      return await send(theirs ?? own)
    } catch (error) {
      if (threadTrouble(error)?.kind !== 'activeWriter') throw error
      const other = isTheirs ? own : await this.link()
      if (!other) throw error
      // That server may be another's holder as little as the first is: then the first refusal is the true one.
      const result = await send(other).catch(() => Promise.reject(error))
      if (isTheirs) this.elsewhere.delete(threadId)
      else this.elsewhere.add(threadId)
      return result
    }
  }

  private async link(): Promise<AppServerLink | undefined> {
    this.other ??= this.open()
    return this.other
  }

  private async open(): Promise<AppServerLink | undefined> {
    const link = await this.options.openOther()
    if (!link) this.other = undefined
    void link?.closed.then(() => {
      this.other = undefined
      this.lostAtMs = awakeMs()
      if (!this.closed) this.options.onLost(this.threadsElsewhere)
    })
    return link
  }
}

/** A thread was open in the user's own server, and that has gone: it is read, and not opened in ours before somebody acts in it. */
export class OtherServerGone extends ShareError {
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
