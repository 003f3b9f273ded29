/** Reaches the user's own daemon, starting it when it is missing: any number of callers at once get the one daemon. */
import { setTimeout as delay } from 'node:timers/promises'
import { notWritableError, runtimeFolder, workInFolder } from '../../platform/places/own-folders.ts'
import type { Places } from '../../platform/places/resolve-places.ts'
import { ProcessLock, type ReleaseLock } from '../../platform/process-lock.ts'
import { Deadline } from '../../platform/time/deadline.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { Channel } from '../../rpc/channel.ts'
import { endpointName } from '../connection/endpoint.ts'
import { findDaemon } from '../connection/find-daemon.ts'
import { serviceFailure, startByService } from './control-by-service.ts'
import { type StartedDaemon, startDaemonProcess } from './start-daemon-process.ts'

export interface EnsureDaemonOptions {
  readonly places: Places
  /** Printed on stderr for the person who waits. */
  readonly notice: (text: string) => void
  readonly deadlineMs?: number
  readonly signal?: AbortSignal | undefined
}

const noticeAfterMs = 300

export interface EnsuredDaemon {
  /** Nothing was said on it yet. */
  readonly channel: Channel
  /** Of the daemon: it may have been there already in another runtime folder. */
  readonly places: Places
  /** Undefined where the daemon was there already, or somebody else started it. */
  readonly started?: StartedDaemon
}

/**
 * @throws ShareError `unavailable` with the daemon's last words when it did not come up
 */
export async function ensureDaemon(options: EnsureDaemonOptions): Promise<EnsuredDaemon> {
  const { places, notice, deadlineMs = 10_000, signal } = options
  const deadline = new Deadline(deadlineMs)
  const lock = new ProcessLock(places.startLock)
  const slow = setTimeout(() => notice('starting the daemon…'), noticeAfterMs)
  try {
    for (;;) {
      signal?.throwIfAborted()
      const there = await reach(places)
      if (isReached(there)) return there
      // One that has too many waiting is not started a second time.
      const release = there === 'crowded' ? undefined : await tryLock(places, lock)
      const started = release && (await startUnderLock(places, deadline).finally(release))
      if (started) return started
      if (deadline.isOver) throw notInTime(places, deadline)
      // Somebody else is starting it. Callers come in crowds, so they do not all knock at the same moment.
      await delay(20 + Math.random() * 40)
    }
  } finally {
    clearTimeout(slow)
  }
}

/** Undefined where there is one that cannot take us just now. */
async function startUnderLock(places: Places, deadline: Deadline): Promise<EnsuredDaemon | undefined> {
  const there = await reach(places)
  if (there) return isReached(there) ? there : undefined
  const started = (await startByService(places)) ?? (await startDaemonProcess(places))
  for (;;) {
    const reached = await reach(places)
    if (isReached(reached)) return { ...reached, started }
    const lastWords = started.lastWords()
    if (lastWords !== undefined) {
      // It may have ended because another one was faster.
      const other = await reach(places)
      if (isReached(other)) return other
      throw couldNotStart(places, lastWords)
    }
    const failure = started.pid === undefined ? await serviceFailure(places) : null
    if (failure !== null) throw couldNotStart(places, failure)
    if (deadline.isOver) throw notInTime(places, deadline)
    await delay(20)
  }
}

/** With what the daemon said before it ended. */
export function couldNotStart(places: Places, lastWords: string): ShareError {
  const endpoint = endpointName({ path: places.daemonSocket })
  return new ShareError('unavailable', `the daemon at ${endpoint} could not be started: ${lastWords}`, {
    facts: { endpoint },
    hint: `Run \`codex-share daemon run\` to see it fail, or read ${places.daemonLog}.`,
  })
}

/** The open connection; undefined where it makes sense to start a daemon; `crowded` where one is there and is to be waited for. */
async function reach(own: Places): Promise<EnsuredDaemon | 'crowded' | undefined> {
  const { places, probe } = await findDaemon(own)
  if (probe.state === 'open') return { channel: probe.channel, places }
  if (probe.state === 'crowded') return 'crowded'
  if (probe.state !== 'trouble') return undefined
  const { daemonSocket: path } = places
  throw new ShareError('unavailable', `cannot connect to ${endpointName({ path })}: ${probe.error.message}`, {
    facts: { endpoint: endpointName({ path }) },
    cause: probe.error,
    hint: `Look at ${path} and its folder: both must be yours.`,
  })
}

function isReached(there: EnsuredDaemon | 'crowded' | undefined): there is EnsuredDaemon {
  return there !== undefined && there !== 'crowded'
}

/** Losing it to others is harmless: two daemons at once are kept apart by their own locks, and the slower one leaves. */
async function tryLock(places: Places, lock: ProcessLock): Promise<ReleaseLock | undefined> {
  const folder = runtimeFolder(places)
  try {
    return await workInFolder(folder, () => lock.tryTake())
  } catch (error) {
    throw error instanceof ShareError ? error : notWritableError(folder, error)
  }
}

function notInTime(places: Places, { ms }: Deadline): ShareError {
  const endpoint = endpointName({ path: places.daemonSocket })
  return new ShareError('unavailable', `the daemon at ${endpoint} did not answer within ${ms / 1000} s`, {
    facts: { endpoint },
    hint: `Read ${places.daemonLog}; \`codex-share daemon stop\` ends one that hangs.`,
  })
}
