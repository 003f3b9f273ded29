/** One link to two servers: what is about a thread that is open in the user's own Codex server goes there, all else to ours. */
import type { AppServerLink } from './app-server-link.ts'
import { threadTrouble } from './upstream-quirks.ts'

export interface ThreadRoutesOptions {
  /** Opens a link to the user's own server; undefined when none runs. Called when one of its threads may be wanted. */
  readonly openOther: () => Promise<AppServerLink | undefined>
  /** The other server has gone. These threads were reached there, and are reached there again when it is back before they are needed. */
  readonly onLost: (threadIds: readonly string[]) => void
}

export class ThreadRoutes {
  private readonly options: ThreadRoutesOptions
  private readonly elsewhere = new Set<string>()
  private readonly routed = new WeakMap<AppServerLink, AppServerLink>()
  private other: Promise<AppServerLink | undefined> | undefined

  constructor(options: ThreadRoutesOptions) {
    this.options = options
  }

  /** Whether the thread is reached in the user's own server. */
  isElsewhere(threadId: string): boolean {
    return this.elsewhere.has(threadId)
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
    ;(await this.other)?.close()
  }

  private async over<T>(
    own: AppServerLink,
    method: string,
    params: unknown,
    send: (link: AppServerLink) => Promise<T>,
  ) {
    const threadId = threadIdOf(params)
    const isTheirs = threadId !== undefined && this.elsewhere.has(threadId)
    const theirs = isTheirs ? await this.link() : undefined
    if (theirs) return send(theirs)
    try {
      const result = await send(own)
      if (isTheirs && method === 'thread/resume') this.elsewhere.delete(threadId)
      return result
    } catch (error) {
      if (threadId === undefined || method !== 'thread/resume') throw error
      if (threadTrouble(error)?.kind !== 'activeWriter') throw error
      const other = await this.link()
      if (!other) throw error
      // That server may be another's holder as little as ours is: then the first refusal is the true one.
      const result = await send(other).catch(() => Promise.reject(error))
      this.elsewhere.add(threadId)
      return result
    }
  }

  private async link(): Promise<AppServerLink | undefined> {
    this.other ??= this.open()
    const link = await this.other
    if (!link) this.other = undefined
    return link
  }

  private async open(): Promise<AppServerLink | undefined> {
    const link = await this.options.openOther()
    void link?.closed.then(() => {
      this.other = undefined
      this.options.onLost([...this.elsewhere])
    })
    return link
  }
}

function threadIdOf(params: unknown): string | undefined {
  const id = typeof params === 'object' && params !== null && 'threadId' in params ? params.threadId : undefined
  return typeof id === 'string' ? id : undefined
}
