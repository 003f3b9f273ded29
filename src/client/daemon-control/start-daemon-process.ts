/** Starts `daemon run` in the background, in a session of its own, with its output in the daemon's log. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, fstatSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { readLastWords } from '../../platform/logging/last-words.ts'
import { asOwnFolderError, dataFolder, logFolder, prepareFolder } from '../../platform/places/own-folders.ts'
import { type Places, resolvePlaces } from '../../platform/places/resolve-places.ts'
import { isSamePlace } from '../../platform/places/same-place.ts'
import { currentNode, stablePath } from '../../platform/processes/stable-path.ts'
import { readSettings } from '../../platform/settings/settings.ts'
import { asShareError, ShareError } from '../../protocol/errors.ts'

export interface StartedDaemon {
  readonly pid: number | undefined
  /** What it said before it ended, or undefined while it runs. One that ended well (another was faster) is no failure. */
  lastWords(): string | undefined
  /** It has ended, well or not. */
  hasEnded(): boolean
}

const program = join(import.meta.dirname, '../../../bin/run.js')

/**
 * `env` is added to our own environment.
 *
 * @throws ShareError `unavailable` when settings or folders are such that it could only end at once
 */
export async function startDaemonProcess(
  places: Places,
  env: Readonly<Record<string, string>> = {},
): Promise<StartedDaemon> {
  const log = openLog(places)
  // In the places that are meant, also where they are not those of our own environment.
  const isOurs = isSamePlace(resolvePlaces(process.env).runtimeDir, places.runtimeDir)
  const there = isOurs ? {} : { CODEX_SHARE_RUNTIME_DIR: places.runtimeDir }
  const logStart = fstatSync(log).size
  let ended: string | undefined
  let hasEnded = false
  const child = spawn(currentNode(), [stablePath(program), 'daemon', 'run'], {
    detached: true,
    // Not ours: the daemon would keep the folder from being unmounted or removed.
    cwd: '/',
    env: { ...process.env, ...there, ...env },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.on('error', (error) => {
    hasEnded = true
    ended = error.message
  })
  child.on('exit', (code, signal) => {
    hasEnded = true
    if (code !== 0) ended = `${ending(code, signal)}${readLastWords(places.daemonLog, logStart)}`
  })
  child.unref()
  await spawned(child)
  return { pid: child.pid, lastWords: () => ended, hasEnded: () => hasEnded }
}

/** Found here, what is wrong with settings or folders is reported once and as it is, and not as the last words of a daemon. */
function openLog(places: Places): number {
  try {
    readSettings(places.settingsFile)
    for (const folder of [dataFolder(places), logFolder(places)]) prepareFolder(folder)
    return openSync(places.daemonLog, 'a', 0o600)
  } catch (error) {
    const { message, hint } = asShareError(asOwnFolderError([logFolder(places)], error))
    throw new ShareError('unavailable', `the daemon cannot start: ${message}`, {
      facts: { ended: true },
      hint,
      cause: error,
    })
  }
}

function spawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('spawn', resolve)
    child.once('error', () => resolve())
  })
}

function ending(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`
}
