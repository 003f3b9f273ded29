/** Acquires an app-server: the one that runs, or one started for it. */
import { realpath } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { awakeMs } from '../../platform/time/awake-clock.ts'
import { isShareError, messageOf, ShareError } from '../../protocol/errors.ts'
import { assertSupported, codexVersion } from '../binary/codex-version.ts'
import type { CodexBinary } from '../binary/find-codex.ts'
import { type AppServerLink, type LinkOptions, openAppServerLink } from '../link/app-server-link.ts'
import {
  type AppServerProcess,
  adoptAppServer,
  findAppServer,
  rememberKeys,
  startAppServer,
} from '../process/app-server-process.ts'
import { digestProviderKeys } from '../process/provider-keys.ts'
import { isListening, isNobodyThere } from '../process/wait-until-listening.ts'

export interface AcquireOptions extends Omit<LinkOptions, 'signal'> {
  /** Asked before every start, so that a Codex installed meanwhile is found. */
  readonly findCodex: () => Promise<CodexBinary>
  /** False when a service manager keeps the app-server: then it is only connected to. */
  readonly spawn: boolean
  readonly recordPath: string
  readonly logPath: string
  /** Environment and working folder of an app-server that is started; the environment is asked for before each start. */
  readonly env: () => NodeJS.ProcessEnv
  readonly cwd: string
  /** Milliseconds that a running app-server may leave its socket without a listener; 5 s by default. */
  readonly unreachableMs?: number
}

export interface AcquiredAppServer {
  readonly link: AppServerLink
  /** Undefined when somebody else started it. */
  readonly appServer: AppServerProcess | undefined
  /** The real socket, behind the link that Codex makes to it. */
  readonly socketPath: string
  /** The program that runs; null when somebody else started it and does not say. */
  readonly binary: string | null
  /** Of one that a service manager keeps, where it says so. */
  readonly pid?: number | null
}

/** Acquires the app-server; with `replace` the one that runs is ended, and another started. */
export type AcquireAppServer = (
  signal: AbortSignal,
  options?: { readonly replace: boolean },
) => Promise<AcquiredAppServer>

const unansweredLimit = 3

/**
 * Makes the function that acquires the app-server, to be called again after each failure. It throws ShareErrors.
 *
 * A live one is never replaced while it answers, also where an earlier daemon had it listen in another runtime folder, or that folder
 * went and with it the link to the real socket. One that runs but cannot be connected to (its socket lies behind a link in the
 * temporary folder, where it gets swept away) or that three times in a row could not be talked to (it hangs, or is too old) is of
 * no use to anybody: it is stopped, and another started.
 */
export function createAcquireAppServer(options: AcquireOptions): AcquireAppServer {
  let unanswered = 0
  const acquire: AcquireAppServer = async (signal, { replace } = { replace: false }) => {
    const running = options.spawn ? await findAppServer(options.recordPath) : undefined
    if (!replace && (unanswered < unansweredLimit || running === undefined)) {
      try {
        const socketPath = running?.socketPath ?? options.socketPath
        const link = await linkToRunning({ ...options, socketPath }, running, signal)
        unanswered = 0
        const appServer = running ?? (options.spawn ? await adoptAppServer({ ...options, ...link.server }) : undefined)
        return await acquiredAt(socketPath, link, appServer)
      } catch (error) {
        if (!isNobodyThere(error)) unanswered += 1
        if (!isNobodyThere(error) || !options.spawn) throw error
      }
    }
    // The new one is made sure of before the old one goes.
    const codex = await options.findCodex()
    const env = options.env()
    const version = await codexVersion(codex, { env, signal })
    const unusable = running ?? (await adoptAppServer({ ...options, version: 'unknown' }))
    await unusable?.stop()
    unanswered = 0
    const { socketPath, recordPath, logPath, cwd } = options
    const started = await startAppServer({ codex, version, socketPath, recordPath, logPath, env, cwd, signal })
    const link = await openSupportedLink(options, signal)
    const keys = await digestProviderKeys(link, { ...env, ...codex.env })
    return await acquiredAt(socketPath, link, await rememberKeys(recordPath, started, keys))
  }
  return (...given) => acquire(...given).catch((error: unknown) => Promise.reject(notAcquired(options, error)))
}

async function acquiredAt(path: string, link: AppServerLink, appServer: AppServerProcess | undefined) {
  const socketPath = await realSocketAt(path)
  await appServer?.noteSocket(socketPath)
  return { link, appServer, socketPath, binary: appServer?.binary ?? null }
}

/** What is linked to may lose its link a moment later: then the path has to do. */
export function realSocketAt(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}

async function linkToRunning(options: AcquireOptions, running: AppServerProcess | undefined, signal: AbortSignal) {
  try {
    return await openSupportedLink(options, signal)
  } catch (error) {
    if (running === undefined || !isNobodyThere(error)) throw error
    // It may have been started a moment ago, by a daemon that did not live to see it listen.
    const until = awakeMs() + (options.unreachableMs ?? 5_000)
    while (awakeMs() < until && (await running.isRunning())) {
      if (await isListening(options.socketPath, signal)) return openSupportedLink(options, signal)
      await delay(15, undefined, { signal })
    }
    throw error
  }
}

/** @throws ShareError `unavailable` when that Codex is too old */
export async function openSupportedLink(options: AcquireOptions, signal: AbortSignal): Promise<AppServerLink> {
  const link = await openAppServerLink({ ...options, signal })
  try {
    assertSupported(link.server.version)
    return link
  } catch (error) {
    link.close()
    throw error
  }
}

export function notAcquired({ socketPath, spawn }: AcquireOptions, error: unknown): ShareError {
  if (isShareError(error, 'unavailable')) return error
  const reason = messageOf(error)
  const what = isNobodyThere(error) ? 'nobody listens there' : reason
  return new ShareError('unavailable', `The Codex app-server at ${socketPath} cannot be reached: ${what}`, {
    ...(spawn ? {} : { hint: 'The service manager is to keep it: look at `codex-share service status`.' }),
    cause: error,
  })
}
