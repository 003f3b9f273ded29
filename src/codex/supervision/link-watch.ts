/** Watches one link to an app-server after the other: what is known of the server, whether the link may be used, and its end. */
import { ShareError } from '../../protocol/errors.ts'
import type { KeyDigests } from '../../protocol/status.ts'
import type { UpstreamNotification } from '../decoding/decode-notification.ts'
import { AppServerHealth } from '../link/app-server-health.ts'
import type { AppServerLink } from '../link/app-server-link.ts'
import type { LinkEnd } from '../link/app-server-socket.ts'
import { instanceOf, isFreshInstance, startedAtOf } from '../process/app-server-instance.ts'
import type { AcquiredAppServer } from './acquire-app-server.ts'

/** What is known of the app-server that is linked to, or was last. */
export interface AppServerInfo {
  readonly version: string
  readonly codexHome: string
  readonly account: string | null
  /** Null when somebody else started it. */
  readonly pid: number | null
  /** When it was started, RFC 3339. */
  readonly startedAt: string
  /** Its API keys at that time, as digests; null where somebody else started it. */
  readonly keys: KeyDigests | null
  /** Where it really listens: the path it was given is a link, which may go while Codex lives on. */
  readonly socketPath: string
  /** Names this run of the app-server, opaquely. */
  readonly instance: string
  /** The run is another than the one linked to before, be it by an earlier daemon: what ran on that one has ended. */
  readonly fresh: boolean
}

export interface WatchOptions {
  /** Ends the link. */
  readonly signal: AbortSignal
  /** Asked once all is known: an app-server that is to be replaced is not used before. */
  readonly isWanted: () => boolean
  readonly onReady: (ready: { readonly link: AppServerLink; readonly info: AppServerInfo }) => void
  readonly onEnd: (end: LinkEnd, lastedMs: number) => void
}

const isEnding = 'It was told to end: it takes no new turn, and ends with the last one that runs.'

export class LinkWatch {
  readonly #recordPath: string
  readonly #health = new AppServerHealth()
  #link: AppServerLink | undefined
  /** The link while it is withheld: it stands, and nobody is to use it. */
  #withheld: AppServerLink | undefined
  #known: Omit<AppServerInfo, 'account'> | undefined
  #isDraining = false

  constructor(recordPath: string) {
    this.#recordPath = recordPath
  }

  /** The link that may be used. */
  get link(): AppServerLink | undefined {
    return this.#link
  }

  get info(): AppServerInfo | undefined {
    return this.#known && { ...this.#known, account: this.#health.account }
  }

  /** It was told to end. */
  get isDraining(): boolean {
    return this.#isDraining
  }

  /** What is wrong although the link stands, for people; null when nothing is. */
  get problem(): string | null {
    return this.#isDraining ? isEnding : this.#health.problem
  }

  /** The problem, when no turn can run because of it. */
  get hindrance(): string | null {
    return this.#link === undefined ? null : this.#health.hindrance
  }

  noteDraining(): void {
    this.#isDraining = true
  }

  /** Forgets what the last link said of accounts and settings; the next says it again. */
  reset(): void {
    this.#health.reset()
  }

  takeNotification(notification: UpstreamNotification): void {
    if (this.#health.take(notification) && this.#link) void this.#health.readAccount(this.#link)
  }

  /**
   * Watches a link from its beginning to its end.
   *
   * @returns whether it came to be used
   * @throws ShareError `unavailable` when it ends before all is known of its server; the signal's reason
   */
  async watch(acquired: AcquiredAppServer, { signal, isWanted, onReady, onEnd }: WatchOptions): Promise<boolean> {
    const { link } = acquired
    const letGo = () => link.close()
    signal.addEventListener('abort', letGo, { once: true })
    try {
      // The signal may have fired while the link was being opened, and does not fire again.
      signal.throwIfAborted()
      const known = await this.#learn(acquired)
      if (!isWanted()) return false
      this.#known = known
      this.#link = link
      this.#isDraining = false
      onReady({ link, info: { ...known, account: this.#health.account } })
      const since = performance.now()
      const end = await link.closed
      this.#link = this.#withheld = undefined
      onEnd(end, performance.now() - since)
      return true
    } finally {
      this.#link = this.#withheld = undefined
      link.close()
      signal.removeEventListener('abort', letGo)
    }
  }

  /**
   * Withholds the link from everyone while `mayEnd` is asked. Where it says no, the link is there again.
   *
   * @returns what ends the link that is withheld, if there is one; undefined where it is not to end, or is withheld already
   */
  async withhold(mayEnd: (link: AppServerLink) => Promise<boolean>): Promise<(() => void) | undefined> {
    if (this.#withheld) return undefined
    const link = this.#link
    if (!link) return () => {}
    this.#withheld = link
    this.#link = undefined
    let isToEnd = false
    try {
      // One that has ended meanwhile is followed by another, which nobody has asked about.
      isToEnd = (await mayEnd(link)) && this.#withheld === link
    } finally {
      // Not where it has ended: the next may be there already.
      if (!isToEnd && this.#withheld) this.#link = this.#withheld
      this.#withheld = undefined
    }
    return isToEnd ? () => link.close() : undefined
  }

  async #learn({ link, appServer, socketPath, pid = null }: AcquiredAppServer) {
    const early = await Promise.race([link.closed, this.#health.readAccount(link)])
    if (early !== undefined) throw new ShareError('unavailable', `The link to Codex ended at once: ${early.message}.`)
    const instance = await instanceOf(socketPath, appServer)
    const fresh = await isFreshInstance(`${this.#recordPath}.linked`, instance)
    const { version, codexHome } = link.server
    const startedAt = await startedAtOf(socketPath)
    const keys = appServer?.keys ?? null
    return { version, codexHome, pid: appServer?.pid ?? pid, startedAt, keys, socketPath, instance, fresh }
  }
}
