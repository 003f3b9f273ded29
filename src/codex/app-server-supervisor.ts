/** Keeps a link to an app-server: finds or starts it, links again when the link ends, waits longer the more often it fails. */
import { setTimeout as delay } from 'node:timers/promises'
import { asShareError, ShareError } from '../protocol/errors.ts'
import { AppServerHealth } from './app-server-health.ts'
import { instanceOf, isFreshInstance } from './app-server-instance.ts'
import type { AppServerLink } from './app-server-link.ts'
import { findAppServer } from './app-server-process.ts'
import type { LinkEnd } from './app-server-socket.ts'
import { BackOff, type BackOffOptions, defaultBackOff } from './back-off.ts'
import { createReach, type ReachOptions } from './reach-app-server.ts'

/** `connecting`: never linked yet; `restarting`: linked before; `degraded`: failed often, tried again every half minute. */
export type AppServerState = 'connecting' | 'ready' | 'restarting' | 'degraded'

/** What is known of the app-server that is linked to, or was last. */
export interface AppServerInfo {
  readonly version: string
  readonly codexHome: string
  readonly account: string | null
  /** Null when somebody else started it. */
  readonly pid: number | null
  /** Path of the program that was started; null when it ran already. */
  readonly binary: string | null
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

export interface SupervisorOptions extends ReachOptions, SupervisorEvents {
  readonly backOff?: BackOffOptions
  /** Milliseconds a link must have lasted for its end not to count as one more failure in a row; a minute unless told. */
  readonly steadyMs?: number
}

export interface Supervisor {
  readonly state: AppServerState
  readonly link: AppServerLink | undefined
  readonly info: AppServerInfo | undefined
  /** What is wrong, for people; null when nothing is. */
  readonly problem: string | null
  /** Ends the wait before the next try. */
  retryNow(): void
  /** Ends the keeping; the app-server goes on unless told, and is stopped in bounded steps if so. Idempotent. */
  close(options?: { readonly stopAppServer?: boolean }): Promise<void>
}

/** Starts keeping; returns at once, and tells by the events how it goes. */
export function startSupervisor(options: SupervisorOptions): Supervisor {
  const { onReady, onDown, onTrouble, steadyMs = 60_000 } = options
  const ending = new AbortController()
  const backOff = new BackOff(options.backOff ?? defaultBackOff)
  const health = new AppServerHealth()
  let wait = new AbortController()
  let link: AppServerLink | undefined
  let known: Omit<AppServerInfo, 'account'> | undefined
  let trouble: string | null = null

  const reach = createReach({
    ...options,
    onNotification: (notification) => {
      if (health.take(notification) && link !== undefined) void health.readAccount(link)
      options.onNotification(notification)
    },
  })

  /** One link from its beginning to its end. Returns whether it may be opened again at once, as its app-server still runs. */
  const keepOne = async (): Promise<boolean> => {
    health.reset()
    const { link: opened, appServer, binary } = await reach(ending.signal)
    const letGo = () => opened.close()
    ending.signal.addEventListener('abort', letGo, { once: true })
    try {
      const early = await Promise.race([opened.closed, health.readAccount(opened)])
      if (early !== undefined) throw new ShareError('unavailable', `The link to Codex ended at once: ${early.message}.`)
      const instance = await instanceOf(options.socketPath, appServer)
      const fresh = await isFreshInstance(`${options.recordPath}.linked`, instance)
      const { version, codexHome } = opened.server
      known = { version, codexHome, pid: appServer?.pid ?? null, binary: binary ?? known?.binary ?? null, fresh }
      link = opened
      trouble = null
      onReady({ link, info: { ...known, account: health.account } })
      const since = performance.now()
      const end = await opened.closed
      link = undefined
      if (performance.now() - since >= steadyMs) backOff.reset()
      trouble = `The link to the Codex app-server ended: ${end.message}.`
      if (!ending.signal.aborted) onDown(end)
      return appServer === undefined || (await appServer.isRunning())
    } finally {
      link = undefined
      opened.close()
      ending.signal.removeEventListener('abort', letGo)
    }
  }

  const keep = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      let mayRelink = false
      let failure: ShareError | undefined
      try {
        mayRelink = await keepOne()
      } catch (error) {
        failure = asShareError(error)
        trouble = `${failure.message} ${failure.hint}`
      }
      if (ending.signal.aborted) return
      const pause = backOff.failed()
      const retryInMs = mayRelink && backOff.failures === 1 ? 0 : pause
      wait = new AbortController()
      if (failure) onTrouble?.(failure, retryInMs)
      // Ended early by retryNow or close, which is no error here.
      await delay(retryInMs, undefined, { signal: AbortSignal.any([wait.signal, ending.signal]) }).catch(() => {})
    }
  }
  const kept = keep()

  const close = async (stopAppServer: boolean): Promise<void> => {
    ending.abort()
    await kept
    if (stopAppServer && options.spawn) await (await findAppServer(options.recordPath))?.stop()
  }
  let closed: Promise<void> | undefined

  return {
    get state() {
      if (link !== undefined) return 'ready'
      if (backOff.isDegraded) return 'degraded'
      return known === undefined ? 'connecting' : 'restarting'
    },
    get link() {
      return link
    },
    get info() {
      return known && { ...known, account: health.account }
    },
    get problem() {
      return link === undefined ? trouble : health.problem
    },
    retryNow: () => wait.abort(),
    close: ({ stopAppServer = false } = {}) => {
      closed ??= close(stopAppServer)
      return closed
    },
  }
}
