/** The app-server as a sibling process: its own session, found again by its record, stopped in bounded steps. */

import { spawn } from 'node:child_process'
import { listenArguments } from '../../platform/places/find-app-server-process.ts'
import { sessionLeaderWith } from '../../platform/processes/process-list.ts'
import {
  describeProcess,
  isStillRunning,
  type ProcessFacts,
  type ProcessRecord,
  readLiveRecord,
  removeProcessRecord,
  saveProcessRecord,
} from '../../platform/processes/process-record.ts'
import { sendSignal } from '../../platform/processes/send-signal.ts'
import { type StopOptions, stopAppServer } from '../../platform/processes/stop-process.ts'
import { awakeSignal } from '../../platform/time/awake-clock.ts'
import { textIn } from '../../protocol/json/read-json.ts'
import type { KeyDigests } from '../../protocol/status.ts'
import type { CodexCommand } from '../binary/npm-launcher.ts'
import { type AppServerLog, openAppServerLog } from './app-server-log.ts'
import { keysIn } from './provider-keys.ts'
import { startFailure } from './start-failure.ts'
import { untilEnded } from './until-ended.ts'
import { waitUntilListening } from './wait-until-listening.ts'

export interface StartAppServerOptions {
  readonly codex: CodexCommand
  /** Of that Codex; goes into the record. */
  readonly version: string
  readonly socketPath: string
  readonly recordPath: string
  /** Where its stdout and stderr go, appended, mode 0600. */
  readonly logPath: string
  readonly env: NodeJS.ProcessEnv
  /** Where threads that name no folder start. */
  readonly cwd: string
  /** Milliseconds until it must accept connections; 20 s by default. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal | undefined
}

export interface AppServerProcess {
  readonly pid: number
  readonly record: ProcessRecord
  /** Path of the program; null where the record does not say. */
  readonly binary: string | null
  /** Its API keys when it was started, as digests; undefined where nobody knows. */
  readonly keys: KeyDigests | undefined
  /** Where it listens; null where the record does not say. */
  readonly socketPath: string | null
  isRunning(): Promise<boolean>
  /** Notes the real socket: the path that Codex was given is a link to it, and may go with its folder while Codex lives on. */
  noteSocket(realPath: string): Promise<void>
  /** Stops it in bounded steps and forgets it; see `stopAppServer`. */
  stop(options?: StopOptions): Promise<void>
}

/**
 * Starts an app-server and waits until it listens. It outlives this process: a session and group of its own, no pipes to us.
 *
 * @throws ShareError `unavailable` with its last words when it does not come up; no process of it is left then
 */
export async function startAppServer(options: StartAppServerOptions): Promise<AppServerProcess> {
  const { codex, version, socketPath, recordPath, logPath, env, cwd, timeoutMs = 20_000, signal } = options
  const log = await openAppServerLog(logPath)
  try {
    const child = spawn(codex.path, [...codex.args, ...listenArguments(socketPath)], {
      cwd,
      env: { ...env, ...codex.env },
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    })
    child.unref()
    const failed = (what: string, cause?: unknown) => failureOf(options, log, what, cause)
    const ended = untilEnded(child)
    const pid = child.pid
    if (pid === undefined) throw await failed(await ended)

    const enough = new AbortController()
    const deadline = awakeSignal(timeoutMs)
    const stopWaiting = AbortSignal.any([enough.signal, deadline, ...(signal ? [signal] : [])])
    try {
      const appServer = await noteProcess(recordPath, { pid, version, socketPath, codex: codex.path })
      const end = await Promise.race([ended, waitUntilListening(socketPath, stopWaiting)])
      if (end !== undefined) throw new Error(end)
      return appServer
    } catch (error) {
      if (child.exitCode === null && child.signalCode === null) sendSignal(pid, 'SIGKILL', { group: true })
      // Its end is waited for, also where nothing else is left to keep this process.
      child.ref()
      const end = await ended
      signal?.throwIfAborted()
      if (deadline.aborted) throw await failed(`did not listen within ${timeoutMs / 1000} s`, error)
      throw await failed(child.signalCode === 'SIGKILL' ? `could not be used (${String(error)})` : end, error)
    } finally {
      enough.abort()
    }
  } finally {
    await log.close()
  }
}

/** The app-server of an earlier daemon that still runs; undefined when there is none, or the pid belongs to somebody else by now. */
export async function findAppServer(recordPath: string): Promise<AppServerProcess | undefined> {
  const record = await readLiveRecord(recordPath)
  return record && handleOf(recordPath, record)
}

/** One that runs without a record: the daemon that started it did not live to write it. */
export async function adoptAppServer(options: {
  readonly socketPath: string
  readonly recordPath: string
  readonly version: string
}): Promise<AppServerProcess | undefined> {
  const { socketPath, recordPath, version } = options
  const pid = await sessionLeaderWith(listenArguments(socketPath))
  if (pid === undefined) return undefined
  return noteProcess(recordPath, { pid, version, socketPath }).catch(() => undefined) // It has ended meanwhile.
}

/** @throws Error when no process has that pid */
async function noteProcess(recordPath: string, facts: ProcessFacts): Promise<AppServerProcess> {
  const record = await describeProcess(facts)
  await saveIfRoom(recordPath, record)
  return handleOf(recordPath, record)
}

/** On a full disk there is no record: the process is then found by its command line. */
function saveIfRoom(recordPath: string, record: ProcessRecord): Promise<void> {
  return saveProcessRecord(recordPath, record).catch(() => {})
}

/** Saves the key digests, which only the daemon that started it knows, for later daemons. */
export async function rememberKeys(
  recordPath: string,
  { record }: AppServerProcess,
  keys: KeyDigests,
): Promise<AppServerProcess> {
  const known = { ...record, keys }
  await saveIfRoom(recordPath, known)
  return handleOf(recordPath, known)
}

function handleOf(recordPath: string, record: ProcessRecord): AppServerProcess {
  return {
    pid: record.pid,
    record,
    binary: textIn(record, 'codex'),
    keys: keysIn(record),
    socketPath: textIn(record, 'realSocket') ?? textIn(record, 'socketPath'),
    noteSocket: async (realSocket) => {
      if (record.realSocket !== realSocket) await saveIfRoom(recordPath, { ...record, realSocket })
    },
    isRunning: () => isStillRunning(record),
    stop: async (options) => {
      await stopAppServer(record, options)
      await removeProcessRecord(recordPath, record)
    },
  }
}

async function failureOf({ codex, logPath }: StartAppServerOptions, log: AppServerLog, what: string, cause: unknown) {
  return startFailure({ path: codex.path, logPath, what, lines: await log.lastLines(40), cause })
}
