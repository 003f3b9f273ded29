/** Acquires an app-server that a service manager keeps: links to it, and asks the manager for it when nobody is there. */
import { awakeSignal } from '../../platform/time/awake-clock.ts'
import type { ShareError } from '../../protocol/errors.ts'
import { isNobodyThere, waitUntilListening } from '../process/wait-until-listening.ts'
import {
  type AcquireAppServer,
  type AcquireOptions,
  notAcquired,
  openSupportedLink,
  realSocketAt,
} from './acquire-app-server.ts'

/** Each returns when the manager has begun, and throws a ShareError when it refuses, or the signal ends the waiting for it. */
export interface AppServerManager {
  /** Path of the Codex that it runs, where that is known. */
  readonly binary?: string | undefined
  /** Of the app-server that runs, null when none does or the manager does not say. */
  appServerPid(): Promise<number | null>
  startAppServer(signal: AbortSignal): Promise<void>
  restartAppServer(signal: AbortSignal): Promise<void>
  stopAppServer(): Promise<void>
}

const listenMs = 8000
const fruitlessLimit = 3

/**
 * Makes the function that acquires the app-server, to be called again after each failure; how often is the caller's to limit.
 *
 * The manager starts a crashed one again by itself, up to its own limit: behind that this is what brings it back. One that runs but
 * three times in a row could not be connected to or talked to is of no use to anybody, and is restarted.
 *
 * @throws ShareError `unavailable`
 */
export function createAcquireManagedAppServer(
  options: Omit<AcquireOptions, 'spawn'>,
  manager: AppServerManager,
): AcquireAppServer {
  let fruitless = 0
  const link = (signal: AbortSignal) => openSupportedLink({ ...options, spawn: false }, signal)
  const openLink = async (signal: AbortSignal, replace: boolean) => {
    if (!replace && fruitless < fruitlessLimit) {
      try {
        return await link(signal)
      } catch (error) {
        if (!isNobodyThere(error)) throw error
      }
      await manager.startAppServer(signal)
    } else {
      fruitless = 0
      await manager.restartAppServer(signal)
    }
    await waitUntilListening(options.socketPath, AbortSignal.any([signal, awakeSignal(listenMs)]))
    return await link(signal)
  }
  return async (signal, { replace } = { replace: false }) => {
    try {
      const opened = await openLink(signal, replace)
      fruitless = 0
      const pid = await manager.appServerPid()
      const socketPath = await realSocketAt(options.socketPath)
      return { link: opened, appServer: undefined, socketPath, binary: manager.binary ?? null, pid }
    } catch (error) {
      fruitless += 1
      const failure: ShareError = notAcquired({ ...options, spawn: false }, error)
      throw failure
    }
  }
}
