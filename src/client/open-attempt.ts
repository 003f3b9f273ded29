/** One attempt to open a connection to a daemon, starting the user's own where it is missing, and how that turned out. */
import type { Places } from '../platform/places/resolve-places.ts'
import type { Deadline } from '../platform/time/deadline.ts'
import { isSoWithin } from '../platform/time/within.ts'
import { isShareError, ShareError } from '../protocol/errors.ts'
import type { Channel } from '../rpc/channel.ts'
import { DaemonClient } from './connection/daemon-client.ts'
import { type Endpoint, endpointName, ownEndpoint, type UnixEndpoint } from './connection/endpoint.ts'
import { findDaemon } from './connection/find-daemon.ts'
import { type Identity, otherHomeOf, shakeHands } from './connection/handshake.ts'
import { type Probe, probeSocket } from './connection/probe-socket.ts'
import type { StartedDaemon } from './daemon-control/start-daemon-process.ts'

export interface AttemptOptions {
  readonly endpoint: Endpoint
  readonly identity: Identity
  /** Printed on stderr for the person who waits. */
  readonly notice: (text: string) => void
  /**
   * When the user's own daemon is started from here: `crashed` only when its socket is there and dead. One that was stopped on purpose
   * takes its socket away, and is not brought back by those who were connected.
   */
  readonly start?: 'missing' | 'crashed' | 'never'
}

export type AttemptOutcome =
  | { readonly is: 'open'; readonly client: DaemonClient }
  /** It took the connection and does not answer: it hangs, or its machine was asleep. */
  | { readonly is: 'silent'; readonly reached: Endpoint; readonly error: ShareError }
  /** The connection ended before anything was asked: the daemon was leaving, as in a restart, or it was full. */
  | { readonly is: 'turnedAway'; readonly reached: Endpoint; readonly error: ShareError }
  /** The next attempt would end in the same way. */
  | { readonly is: 'refused'; readonly error: unknown }

/** A daemon that took the connection has this long for its first answer, even where the rest took all the time. */
const leastAnswerMs = 2000

/** @throws the reason of the deadline's signal when that fires */
export async function attemptToOpen(
  options: AttemptOptions,
  deadline: Deadline,
  answerMs = leastAnswerMs,
): Promise<AttemptOutcome> {
  const { endpoint, identity } = options
  const { signal } = deadline
  const place = await reach(options, deadline).catch((error: unknown) => ({ error }))
  if ('error' in place) return { is: 'refused', error: place.error }
  const { channel, reached, started } = place
  const client = new DaemonClient(channel, reached)
  try {
    const timeoutMs = Math.max(deadline.leftMs, answerMs)
    const hello = await shakeHands(client, endpoint, { identity, timeoutMs, ...(signal ? { signal } : {}) })
    client.otherHome = otherHomeOf(hello, endpoint)
    return { is: 'open', client }
  } catch (error) {
    client.close()
    signal?.throwIfAborted()
    if (endpoint.kind === 'ssh') return { is: 'refused', error: sshReason(error) }
    const failedStart = await failureOfStart(endpoint, started)
    if (failedStart) return { is: 'refused', error: failedStart }
    if (isShareError(error, 'timedOut')) return { is: 'silent', reached, error }
    return isShareError(error, 'connectionLost', 'overloaded')
      ? { is: 'turnedAway', reached, error }
      : { is: 'refused', error }
  }
}

interface Reached {
  readonly channel: Channel
  readonly reached: Endpoint
  readonly started?: StartedDaemon | undefined
}

async function reach({ endpoint, notice, start = 'missing' }: AttemptOptions, deadline: Deadline): Promise<Reached> {
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
    deadlineMs: deadline.ms,
    signal: deadline.signal,
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
async function failureOfStart(
  endpoint: UnixEndpoint,
  started: StartedDaemon | undefined,
): Promise<ShareError | undefined> {
  if (endpoint.kind !== 'own' || !started) return undefined
  // The connection ends a moment before the process.
  await isSoWithin(500, () => started.lastWords() !== undefined)
  const lastWords = started.lastWords()
  // It leaves the ledger to one that was faster, which may be in another runtime folder.
  if (lastWords === undefined || (await isThere(endpoint.places))) return undefined
  const { couldNotStart } = await import('./daemon-control/ensure-daemon.ts')
  return couldNotStart(endpoint.places, lastWords)
}

async function isThere(places: Places): Promise<boolean> {
  const { probe } = await findDaemon(places)
  if (probe.state === 'open') probe.channel.close()
  return probe.state === 'open'
}

/** Why ssh ended says more than that it did. */
function sshReason(error: unknown): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (isShareError(cause, 'unavailable')) return cause
  return error
}

/** Names the endpoint and the cause. */
export function notReachable(endpoint: Endpoint, reason: string, cause: unknown): ShareError {
  const name = endpointName(endpoint)
  const given = 'Check --server; a daemon at another place is not started from here.'
  // One that is full says of what.
  const hint = isShareError(cause, 'overloaded') ? cause.hint : endpoint.kind === 'given' ? given : undefined
  return new ShareError('unavailable', `cannot reach the daemon at ${name}: ${reason}`, {
    facts: { endpoint: name },
    cause,
    ...(hint === undefined ? {} : { hint }),
  })
}
