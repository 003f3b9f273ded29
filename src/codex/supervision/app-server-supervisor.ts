/** Keeps a link to an app-server: finds or starts it, links again when the link ends, waits longer the more often it fails. */
import { setTimeout as delay } from 'node:timers/promises'
import { asShareError, ShareError } from '../../protocol/errors.ts'
import type { KeyDigests } from '../../protocol/status.ts'
import { codexVersion, UnusableCodex } from '../binary/codex-version.ts'
import type { CodexBinary } from '../binary/find-codex.ts'
import type { UpstreamNotification } from '../decoding/decode-notification.ts'
import { AppServerHealth } from '../link/app-server-health.ts'
import type { AppServerLink } from '../link/app-server-link.ts'
import type { LinkEnd } from '../link/app-server-socket.ts'
import { instanceOf, isFreshInstance, startedAtOf } from '../process/app-server-instance.ts'
import { findAppServer } from '../process/app-server-process.ts'
import { type AcquiredAppServer, type AcquireOptions, acquireAppServer } from './acquire-app-server.ts'
import { type AppServerManager, acquireManagedAppServer } from './acquire-managed-app-server.ts'
import { BackOff, type BackOffOptions, defaultBackOff } from './back-off.ts'

/**
 * `connecting`: never linked yet; `restarting`: linked before; `degraded`: failed often, tried again every half minute; `draining`: linked
 * to one that was told to end, and takes no new turn.
 */
export type AppServerState = 'connecting' | 'ready' | 'restarting' | 'degraded' | 'draining'

const isEnding = 'It was told to end: it takes no new turn, and ends with the last one that runs.'

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

export interface SupervisorEvents {
  readonly onReady: (ready: { readonly link: AppServerLink; readonly info: AppServerInfo }) => void
  /** The link ended although nobody asked for it. */
  readonly onDown: (end: LinkEnd) => void
  /** A try to get a link failed; the next is in `retryInMs` milliseconds. */
  readonly onTrouble?: (error: ShareError, retryInMs: number) => void
}

export interface SupervisorOptions extends AcquireOptions, SupervisorEvents {
  readonly backOff?: BackOffOptions
  /** Milliseconds a link must have lasted for its end not to count as one more failure in a row; a minute unless told. */
  readonly steadyMs?: number
  /** Keeps the app-server instead of us; for `spawn: false`. */
  readonly manager?: AppServerManager | undefined
}

export interface Supervisor {
  readonly state: AppServerState
  readonly link: AppServerLink | undefined
  readonly info: AppServerInfo | undefined
  /** Path of the program that runs, or else of the one that was found to be started; null where neither is known. */
  readonly binary: string | null
  /** Failed tries since the last link that lasted. */
  readonly failures: number
  /** What is wrong, for people; null when nothing is. */
  readonly problem: string | null
  /** Why no turn can run although the link stands: no account, or a broken config.toml; null when nothing hinders. */
  readonly hindrance: string | null
  /** To be called when the app-server has said that it is draining; it is asked nothing for that. */
  noteDraining(): void
  /** Ends the wait before the next try. */
  retryNow(): void
  /**
   * Ends the app-server and starts the next, with the Codex that is found now; until that is linked to there is no link. `mayEnd` is
   * asked while the link is withheld from all others: where it says no, all stays as it is, and the result is false.
   *
   * @throws ShareError `unavailable` when no Codex is there to be started, and nothing has changed; or when the next did not start
   */
  replace(mayEnd: (link: AppServerLink) => Promise<boolean>): Promise<boolean>
  /** Ends the keeping; the app-server goes on unless told, and is stopped in bounded steps if so. Idempotent. */
  close(options?: { readonly stopAppServer?: boolean }): Promise<void>
}

/** Starts keeping; returns at once, and tells by the events how it goes. */
export function startSupervisor(options: SupervisorOptions): Supervisor {
  return new LinkKeeper(options)
}

class LinkKeeper implements Supervisor {
  readonly #options: SupervisorOptions
  readonly #reach: ReturnType<typeof acquireAppServer>
  readonly #backOff: BackOff
  readonly #health = new AppServerHealth()
  readonly #ending = new AbortController()
  readonly #kept: Promise<void>
  #wait = new AbortController()
  #link: AppServerLink | undefined
  /** The link while it is withheld: it stands, and nobody is to use it. */
  #withheld: AppServerLink | undefined
  /** Resolves once the app-server was replaced; undefined where nobody wants that. */
  #replacing: PromiseWithResolvers<void> | undefined
  #known: Omit<AppServerInfo, 'account'> | undefined
  #binary: string | null = null
  #isDraining = false
  #trouble: string | null = null
  #closed: Promise<void> | undefined

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#backOff = new BackOff(options.backOff ?? defaultBackOff)
    const onNotification = (notification: UpstreamNotification) => {
      if (this.#health.take(notification) && this.#link) void this.#health.readAccount(this.#link)
      options.onNotification(notification)
    }
    const { manager } = options
    const reachOptions = { ...options, onNotification, findCodex: () => this.#findCodex() }
    this.#reach = manager ? acquireManagedAppServer(reachOptions, manager) : acquireAppServer(reachOptions)
    this.#kept = this.#keep()
  }

  get state(): AppServerState {
    if (this.#link !== undefined) return this.#isDraining ? 'draining' : 'ready'
    if (this.#backOff.isDegraded) return 'degraded'
    return this.#known === undefined ? 'connecting' : 'restarting'
  }

  get link(): AppServerLink | undefined {
    return this.#link
  }

  get info(): AppServerInfo | undefined {
    return this.#known && { ...this.#known, account: this.#health.account }
  }

  get binary(): string | null {
    return this.#binary
  }

  get failures(): number {
    return this.#backOff.failures
  }

  get hindrance(): string | null {
    return this.#link === undefined ? null : this.#health.hindrance
  }

  get problem(): string | null {
    if (this.#link === undefined) return this.#trouble
    return this.#isDraining ? isEnding : this.#health.problem
  }

  noteDraining(): void {
    this.#isDraining = true
  }

  retryNow(): void {
    this.#wait.abort()
  }

  async replace(mayEnd: (link: AppServerLink) => Promise<boolean>): Promise<boolean> {
    const { spawn, findCodex, env } = this.#options
    if (spawn) await codexVersion(await findCodex(), { env, signal: this.#ending.signal })
    if (this.#withheld) return false
    const link = this.#link
    this.#withheld = link
    this.#link = undefined
    let isLeft = link !== undefined
    try {
      // One that has ended meanwhile is followed by another, which nobody has asked about.
      isLeft &&= link !== undefined && (!(await mayEnd(link)) || this.#withheld !== link)
    } finally {
      // Not where it has ended: the next may be there already.
      if (isLeft && this.#withheld) this.#link = this.#withheld
      this.#withheld = undefined
    }
    if (isLeft) return false
    this.#replacing ??= Promise.withResolvers()
    link?.close()
    this.retryNow()
    await this.#replacing.promise
    return true
  }

  close({ stopAppServer = false }: { readonly stopAppServer?: boolean } = {}): Promise<void> {
    this.#closed ??= this.#close(stopAppServer)
    return this.#closed
  }

  async #close(stopAppServer: boolean): Promise<void> {
    this.#ending.abort()
    await this.#kept
    const { spawn, recordPath, manager } = this.#options
    if (!stopAppServer) return
    if (manager) await manager.stopAppServer()
    else if (spawn) await (await findAppServer(recordPath))?.stop()
  }

  async #findCodex(): Promise<CodexBinary> {
    this.#binary = null
    const codex = await this.#options.findCodex()
    this.#binary = codex.path
    return codex
  }

  async #keep(): Promise<void> {
    const ending = this.#ending.signal
    while (!ending.aborted) {
      const { failure, mayRelink } = await this.#keepOne().catch((error: unknown) => ({
        failure: asShareError(error),
        mayRelink: false,
      }))
      if (ending.aborted) break
      if (failure) this.#replaced(failure)
      if (this.#replacing) continue
      if (failure instanceof UnusableCodex) this.#backOff.giveUp()
      const pause = this.#backOff.countFailure()
      const retryInMs = mayRelink && this.#backOff.failures === 1 ? 0 : pause
      this.#wait = new AbortController()
      if (failure) {
        this.#trouble = `${failure.message}${failure.message.includes('\n') ? '\n' : ' '}${failure.hint}`
        this.#options.onTrouble?.(failure, retryInMs)
      }
      // Ended early by retryNow or close, which is no error here.
      await delay(retryInMs, undefined, { signal: AbortSignal.any([this.#wait.signal, ending]) }).catch(() => {})
    }
    this.#replaced(new ShareError('unavailable', 'the daemon ends'))
  }

  #replaced(failure?: ShareError): void {
    const replacing = this.#replacing
    this.#replacing = undefined
    if (failure) replacing?.reject(failure)
    else replacing?.resolve()
  }

  /** One link from its beginning to its end; another may be opened at once when its app-server still runs. */
  async #keepOne(): Promise<{ readonly mayRelink: boolean; readonly failure: undefined }> {
    this.#health.reset()
    const anew = this.#replacing !== undefined
    const reached = await this.#reach(this.#ending.signal, { anew })
    const { link, appServer } = reached
    const letGo = () => link.close()
    this.#ending.signal.addEventListener('abort', letGo, { once: true })
    try {
      // The end may have come while it was being reached, and is not told again.
      this.#ending.signal.throwIfAborted()
      const known = await this.#learn(reached)
      // It was wished for while this one was being reached.
      if (this.#replacing && !anew) return { mayRelink: true, failure: undefined }
      this.#getReady(reached, known)
      this.#replaced()
      const since = performance.now()
      const end = await link.closed
      this.#link = this.#withheld = undefined
      if (performance.now() - since >= (this.#options.steadyMs ?? 60_000)) this.#backOff.reset()
      this.#trouble = `The link to the Codex app-server ended: ${end.message}.`
      if (!this.#ending.signal.aborted) this.#options.onDown(end)
      return { mayRelink: appServer === undefined || (await appServer.isRunning()), failure: undefined }
    } finally {
      this.#link = this.#withheld = undefined
      link.close()
      this.#ending.signal.removeEventListener('abort', letGo)
    }
  }

  async #learn({
    link,
    appServer,
    socketPath,
    pid = null,
  }: AcquiredAppServer): Promise<Omit<AppServerInfo, 'account'>> {
    const early = await Promise.race([link.closed, this.#health.readAccount(link)])
    if (early !== undefined) throw new ShareError('unavailable', `The link to Codex ended at once: ${early.message}.`)
    const instance = await instanceOf(socketPath, appServer)
    const fresh = await isFreshInstance(`${this.#options.recordPath}.linked`, instance)
    const { version, codexHome } = link.server
    const startedAt = await startedAtOf(socketPath)
    const keys = appServer?.keys ?? null
    return { version, codexHome, pid: appServer?.pid ?? pid, startedAt, keys, socketPath, instance, fresh }
  }

  #getReady({ link, binary }: AcquiredAppServer, known: Omit<AppServerInfo, 'account'>): void {
    this.#known = known
    this.#binary = binary ?? this.#binary
    this.#link = link
    this.#isDraining = false
    this.#trouble = null
    this.#options.onReady({ link, info: { ...known, account: this.#health.account } })
  }
}
