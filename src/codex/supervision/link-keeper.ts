/** Keeps a link to an app-server: finds or starts it, links again when the link ends, waits longer the more often it fails. */
import { setTimeout as delay } from 'node:timers/promises'
import { asShareError, ShareError } from '../../protocol/errors.ts'
import { codexVersion, UnusableCodex } from '../binary/codex-version.ts'
import type { CodexBinary } from '../binary/find-codex.ts'
import type { UpstreamNotification } from '../decoding/decode-notification.ts'
import type { AppServerLink } from '../link/app-server-link.ts'
import type { LinkEnd } from '../link/app-server-socket.ts'
import { findAppServer } from '../process/app-server-process.ts'
import { type AcquireAppServer, type AcquireOptions, createAcquireAppServer } from './acquire-app-server.ts'
import { type AppServerManager, createAcquireManagedAppServer } from './acquire-managed-app-server.ts'
import { BackOff, type BackOffOptions, defaultBackOff } from './back-off.ts'
import { type AppServerInfo, LinkWatch, type WatchOptions } from './link-watch.ts'

/**
 * `connecting`: never linked yet; `restarting`: linked before; `degraded`: failed often, tried again every half minute; `draining`: linked
 * to one that was told to end, and takes no new turn.
 */
export type AppServerState = 'connecting' | 'ready' | 'restarting' | 'degraded' | 'draining'

export interface LinkKeeperOptions extends AcquireOptions {
  readonly onReady: WatchOptions['onReady']
  /** The link ended although nobody asked for it. */
  readonly onDown: (end: LinkEnd) => void
  /** A try to get a link failed; the next is in `retryInMs` milliseconds. */
  readonly onTrouble?: (error: ShareError, retryInMs: number) => void
  readonly backOff?: BackOffOptions
  /** Milliseconds a link must have lasted for its end not to count as one more failure in a row; a minute by default. */
  readonly steadyMs?: number
  /** Keeps the app-server instead of us; for `spawn: false`. */
  readonly manager?: AppServerManager | undefined
}

export class LinkKeeper {
  readonly #options: LinkKeeperOptions
  readonly #acquire: AcquireAppServer
  readonly #backOff: BackOff
  readonly #watch: LinkWatch
  readonly #ending = new AbortController()
  readonly #kept: Promise<void>
  #wait = new AbortController()
  /** Resolves once the app-server was replaced; undefined where nobody wants that. */
  #replacing: PromiseWithResolvers<void> | undefined
  #binary: string | null = null
  #trouble: string | null = null
  #closed: Promise<void> | undefined

  constructor(options: LinkKeeperOptions) {
    this.#options = options
    this.#backOff = new BackOff(options.backOff ?? defaultBackOff)
    this.#watch = new LinkWatch(options.recordPath)
    const onNotification = (notification: UpstreamNotification) => {
      this.#watch.takeNotification(notification)
      options.onNotification(notification)
    }
    const { manager } = options
    const acquireOptions = { ...options, onNotification, findCodex: () => this.#findCodex() }
    this.#acquire = manager
      ? createAcquireManagedAppServer(acquireOptions, manager)
      : createAcquireAppServer(acquireOptions)
    this.#kept = this.#keep()
  }

  get state(): AppServerState {
    if (this.link !== undefined) return this.#watch.isDraining ? 'draining' : 'ready'
    if (this.#backOff.isDegraded) return 'degraded'
    return this.info === undefined ? 'connecting' : 'restarting'
  }

  get link(): AppServerLink | undefined {
    return this.#watch.link
  }

  get info(): AppServerInfo | undefined {
    return this.#watch.info
  }

  get binary(): string | null {
    return this.#binary
  }

  get failures(): number {
    return this.#backOff.failures
  }

  get hindrance(): string | null {
    return this.#watch.hindrance
  }

  get problem(): string | null {
    return this.link === undefined ? this.#trouble : this.#watch.problem
  }

  noteDraining(): void {
    this.#watch.noteDraining()
  }

  retryNow(): void {
    this.#wait.abort()
  }

  async replace(mayEnd: (link: AppServerLink) => Promise<boolean>): Promise<boolean> {
    const { spawn, findCodex, env } = this.#options
    if (spawn) await codexVersion(await findCodex(), { env: env(), signal: this.#ending.signal })
    const endLink = await this.#watch.withhold(mayEnd)
    if (!endLink) return false
    this.#replacing ??= Promise.withResolvers()
    endLink()
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
      if (failure) this.#endReplacing(failure)
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
    this.#endReplacing(new ShareError('unavailable', 'the daemon ends'))
  }

  #endReplacing(failure?: ShareError): void {
    const replacing = this.#replacing
    this.#replacing = undefined
    if (failure) replacing?.reject(failure)
    else replacing?.resolve()
  }

  /** One link from its beginning to its end; another may be opened at once when its app-server still runs. */
  async #keepOne(): Promise<{ readonly mayRelink: boolean; readonly failure: undefined }> {
    this.#watch.reset()
    const { signal } = this.#ending
    const isReplacement = this.#replacing !== undefined
    const acquired = await this.#acquire(signal, { replace: isReplacement })
    const wasUsed = await this.#watch.watch(acquired, {
      signal,
      // Its end may have been asked for while it was being acquired.
      isWanted: () => isReplacement || this.#replacing === undefined,
      onReady: (ready) => {
        this.#binary = acquired.binary ?? this.#binary
        this.#trouble = null
        this.#options.onReady(ready)
        this.#endReplacing()
      },
      onEnd: (end, lastedMs) => this.#onEnd(end, lastedMs),
    })
    const { appServer } = acquired
    return { mayRelink: !wasUsed || appServer === undefined || (await appServer.isRunning()), failure: undefined }
  }

  #onEnd(end: LinkEnd, lastedMs: number): void {
    if (lastedMs >= (this.#options.steadyMs ?? 60_000)) this.#backOff.reset()
    this.#trouble = `The link to the Codex app-server ended: ${end.message}.`
    if (!this.#ending.signal.aborted) this.#options.onDown(end)
  }
}
