/** Opens a connection to a daemon, through the handshake, starting the user's own daemon when it is missing. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Places } from '../platform/places/resolve-places.ts'
import { awakeMs } from '../platform/time/awake-clock.ts'
import { isSoWithin } from '../platform/time/within.ts'
import { isShareError, ShareError } from '../protocol/errors.ts'
import { type OtherHome, otherHomeError, otherHomeNotice } from '../protocol/other-home.ts'
import type { Channel } from '../rpc/channel.ts'
import { DaemonClient } from './connection/daemon-client.ts'
import { type Endpoint, endpointName, ownEndpoint, type UnixEndpoint } from './connection/endpoint.ts'
import { findDaemon } from './connection/find-daemon.ts'
import { type Identity, otherHomeOf, shakeHands } from './connection/handshake.ts'
import { type Probe, probeSocket } from './connection/probe-socket.ts'
import type { StartedDaemon } from './daemon-control/start-daemon-process.ts'

export interface OpenClientOptions {
  readonly endpoint: Endpoint
  readonly identity: Identity
  /** Told to the person who waits, on stderr. */
  readonly notice: (text: string) => void
  /** Milliseconds for everything: starting, connecting, the handshake. */
  readonly deadlineMs?: number
  /**
   * When the user's own daemon is started from here: `crashed` only when its socket is there and dead. One that was stopped on purpose
   * takes its socket away, and is not brought back by those who were connected.
   */
  readonly start?: 'missing' | 'crashed' | 'never'
  /** What the connection is opened for, where that is to act: refused at once where the daemon's CODEX_HOME is another than ours. */
  readonly toAct?: string
  readonly signal?: AbortSignal
}

const localDeadlineMs = 10_000
/** Somebody may have to type a password, or touch a key. */
const sshDeadlineMs = 60_000
/** A daemon that took the connection has this long for its first answer, even where the rest took all the time. */
const leastAnswerMs = 2000

/**
 * @throws ShareError `unavailable` naming the endpoint and the cause; `versionMismatch`
 */
export async function openClient(options: OpenClientOptions): Promise<DaemonClient> {
  const { endpoint, identity, signal } = options
  const { deadlineMs = endpoint.kind === 'ssh' ? sshDeadlineMs : localDeadlineMs } = options
  const deadline = awakeMs() + deadlineMs
  for (let tries = 1; ; tries += 1) {
    const { channel, reached, started } = await reach(options)
    const client = new DaemonClient(channel, reached)
    try {
      const hello = await shakeHands(client, endpoint, {
        identity,
        timeoutMs: Math.max(deadline - awakeMs(), leastAnswerMs),
        ...(signal ? { signal } : {}),
      })
      client.otherHome = otherHomeOf(hello, endpoint)
      if (client.otherHome) judgeOtherHome(client.otherHome, options)
      return client
    } catch (error) {
      client.close()
      signal?.throwIfAborted()
      if (endpoint.kind === 'ssh') throw reasonOf(error)
      await refuseFailedStart(endpoint, started)
      if (isSilent(error)) throw notReachable(reached, silent(awakeMs() - deadline + deadlineMs), error)
      if (!wentAway(error)) throw error
      // One daemon was leaving as we came (a restart), or it was full: the next one, or a free place, is moments away.
      const failure = endpoint.kind === 'own' && tries > 1 ? await serviceFailure(endpoint.places) : null
      if (failure !== null || awakeMs() > deadline) throw notReachable(reached, failure ?? error.message, error)
      await delay(30 + Math.random() * 50)
    }
  }
}

/** The daemon would refuse it as well, only later and behind other failures. Reading is possible, and said to be all. */
function judgeOtherHome(otherHome: OtherHome, { toAct, notice }: OpenClientOptions): void {
  if (toAct !== undefined) throw otherHomeError(toAct, otherHome)
  notice(otherHomeNotice(otherHome))
}

interface Reached {
  readonly channel: Channel
  readonly reached: Endpoint
  readonly started?: StartedDaemon | undefined
}

async function reach({ endpoint, notice, signal, deadlineMs, start = 'missing' }: OpenClientOptions): Promise<Reached> {
  if (endpoint.kind === 'ssh')
    return { channel: (await import('./connection/connect-ssh.ts')).connectSsh(endpoint), reached: endpoint }
  const { reached, probe } = await probeEndpoint(endpoint)
  if (probe.state === 'open') return { channel: probe.channel, reached }
  if (endpoint.kind === 'given' || start === 'never' || (start === 'crashed' && probe.state === 'absent'))
    throw notReachable(endpoint, probe.error.message, probe.error)
  // Only needed where there is no daemon, and not cheap to load.
  const { ensureDaemon } = await import('./daemon-control/ensure-daemon.ts')
  const { channel, places, started } = await ensureDaemon({
    places: endpoint.places,
    notice,
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(signal ? { signal } : {}),
  })
  return { channel, reached: ownEndpoint(places), started }
}

async function probeEndpoint(
  endpoint: UnixEndpoint,
): Promise<{ readonly reached: UnixEndpoint; readonly probe: Probe }> {
  if (endpoint.kind === 'given') return { reached: endpoint, probe: await probeSocket(endpoint.path) }
  const { places, probe } = await findDaemon(endpoint.places)
  return { reached: ownEndpoint(places), probe }
}

/** A daemon that we started took the connection and ended: its last words say more than that it is gone. */
async function refuseFailedStart(endpoint: UnixEndpoint, started: StartedDaemon | undefined): Promise<void> {
  if (endpoint.kind !== 'own' || !started) return
  // The connection ends a moment before the process.
  await isSoWithin(500, () => started.lastWords() !== undefined)
  const lastWords = started.lastWords()
  // It leaves the ledger to one that was faster, which may be in another runtime folder.
  if (lastWords === undefined || (await isThere(endpoint.places))) return
  const { couldNotStart } = await import('./daemon-control/ensure-daemon.ts')
  throw couldNotStart(endpoint.places, lastWords)
}

async function isThere(places: Places): Promise<boolean> {
  const { probe } = await findDaemon(places)
  if (probe.state === 'open') probe.channel.close()
  return probe.state === 'open'
}

/** A service that refuses to start goes on taking connections, as the manager has the socket. */
async function serviceFailure(places: Places): Promise<string | null> {
  const { serviceFailure } = await import('./daemon-control/control-by-service.ts')
  return serviceFailure(places)
}

/** Why ssh ended says more than that it did. */
function reasonOf(error: unknown): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (isShareError(cause, 'unavailable')) return cause
  return error
}

/** Nothing was asked yet, so what is lost at this point is only the connection. */
function wentAway(error: unknown): error is ShareError {
  return isShareError(error, 'connectionLost', 'overloaded')
}

function silent(ms: number): string {
  return `it took the connection and did not answer within ${Math.round(ms / 1000)} s`
}

/** It took the connection and says nothing: it hangs, or its machine was asleep. */
function isSilent(error: unknown): error is ShareError {
  return isShareError(error, 'timedOut')
}

function notReachable(endpoint: Endpoint, reason: string, cause: unknown): ShareError {
  const name = endpointName(endpoint)
  return new ShareError('unavailable', `cannot reach the daemon at ${name}: ${reason}`, {
    facts: { endpoint: name },
    cause,
    ...(endpoint.kind === 'given'
      ? { hint: 'Check --server; a daemon at another place is not started from here.' }
      : {}),
  })
}
