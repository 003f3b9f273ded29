/** Opens a connection to a daemon, through the handshake: attempts it until one succeeds, or none can. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Places } from '../platform/places/resolve-places.ts'
import { Deadline } from '../platform/time/deadline.ts'
import { isShareError } from '../protocol/errors.ts'
import { otherHomeError, otherHomeNotice } from '../protocol/other-home.ts'
import type { DaemonClient } from './connection/daemon-client.ts'
import type { Endpoint } from './connection/endpoint.ts'
import { type AttemptOptions, type AttemptOutcome, attemptToOpen, notReachable } from './open-attempt.ts'

export interface OpenClientOptions extends AttemptOptions {
  /** What the connection is opened for, where that is to act: refused at once where the daemon's CODEX_HOME is another than ours. */
  readonly toAct?: string
  /** Milliseconds for everything: starting, connecting, the handshake. */
  readonly deadlineMs?: number
  readonly signal?: AbortSignal
}

const localDeadlineMs = 10_000
/** A place may become free for so long in a daemon that is full; its reason is worth more than a longer wait. */
const fullMs = 3000
/** Somebody may have to type a password, or touch a key. */
const sshDeadlineMs = 60_000

/**
 * @throws ShareError `unavailable` naming the endpoint and the cause; `versionMismatch`
 */
export async function openClient(options: OpenClientOptions): Promise<DaemonClient> {
  const { endpoint, signal, deadlineMs = endpoint.kind === 'ssh' ? sshDeadlineMs : localDeadlineMs } = options
  const deadline = new Deadline(deadlineMs, signal)
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await attemptToOpen(options, deadline)
    const client = await afterAttempt(outcome, { endpoint, attempts, deadline, serviceFailure })
    if (client) return withOtherHomeJudged(client, options)
    await delay(30 + Math.random() * 50)
  }
}

export interface AttemptCircumstances {
  readonly endpoint: Endpoint
  /** How many there were, this one included. */
  readonly attempts: number
  readonly deadline: Pick<Deadline, 'isOver' | 'spentMs'>
  /** Why a service's daemon does not stay up; null when it does, or there is no service. */
  readonly serviceFailure: (places: Places) => Promise<string | null>
}

/**
 * The client of an attempt that succeeded; undefined where another is worth it.
 *
 * @throws ShareError where it is not
 */
export async function afterAttempt(
  outcome: AttemptOutcome,
  { endpoint, attempts, deadline, serviceFailure }: AttemptCircumstances,
): Promise<DaemonClient | undefined> {
  switch (outcome.is) {
    case 'open':
      return outcome.client
    case 'refused':
      throw outcome.error
    case 'silent': {
      const reason = `it took the connection and did not answer within ${Math.round(deadline.spentMs / 1000)} s`
      throw notReachable(outcome.reached, reason, outcome.error)
    }
    case 'turnedAway': {
      // The next daemon, or a free place, is moments away.
      const { reached, error } = outcome
      const failure = endpoint.kind === 'own' && attempts > 1 ? await serviceFailure(endpoint.places) : null
      const isLong = deadline.isOver || (isShareError(error, 'overloaded') && deadline.spentMs > fullMs)
      if (failure !== null || isLong) throw notReachable(reached, failure ?? error.message, error)
      return undefined
    }
  }
}

/** The daemon would refuse it as well, only later and behind other failures. Reading is possible, and said to be all. */
function withOtherHomeJudged(client: DaemonClient, { toAct, notice }: OpenClientOptions): DaemonClient {
  const { otherHome } = client
  if (!otherHome) return client
  if (toAct === undefined) notice(otherHomeNotice(otherHome))
  else {
    client.close()
    throw otherHomeError(toAct, otherHome)
  }
  return client
}

/** The manager has the socket: a service that refuses to start still takes connections. */
async function serviceFailure(places: Places): Promise<string | null> {
  const { serviceFailure } = await import('./daemon-control/control-by-service.ts')
  return serviceFailure(places)
}
