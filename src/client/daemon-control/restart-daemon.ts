/** Puts a new daemon in the place of the running one, without a moment in which a client is refused. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Places } from '../../platform/places/resolve-places.ts'
import { readLiveRecord } from '../../platform/processes/process-record.ts'
import { Deadline } from '../../platform/time/deadline.ts'
import { isShareError, ShareError } from '../../protocol/errors.ts'
import type { DaemonClient } from '../connection/daemon-client.ts'
import { endpointName, ownEndpoint } from '../connection/endpoint.ts'
import { findPlaces } from '../connection/find-daemon.ts'
import type { Identity } from '../connection/handshake.ts'
import { openClient } from '../open-client.ts'
import { restartByService } from './control-by-service.ts'
import { openRunning } from './open-running.ts'
import { startDaemonProcess } from './start-daemon-process.ts'
import { stopDaemon } from './stop-daemon.ts'

export interface RestartDaemonOptions {
  readonly places: Places
  readonly identity: Identity
  /** Added to the new daemon's environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Printed on stderr for the person who waits. */
  readonly notice: (text: string) => void
}

/** The old daemon has up to 18 s for its end, and only then does the new one have the ledger. */
const takeOverMs = 25_000
const answerMs = 3000

/**
 * The new daemon publishes its socket first and then asks the old one to leave. One that hangs is ended by signal; one that answers
 * runs on when the new one cannot start.
 *
 * @returns a connection to the new daemon
 * @throws ShareError `unavailable` with the new daemon's last words
 */
export async function restartDaemon(given: RestartDaemonOptions): Promise<DaemonClient> {
  const places = await findPlaces(given.places)
  const options = { ...given, places }
  const { identity, notice, env } = options
  if (await restartByService(places)) {
    if (env !== undefined && Object.keys(env).length > 0)
      notice('What the service runs is written into it: `codex-share service install --codex-bin …` changes that.')
    return await openClient({ endpoint: ownEndpoint(places), identity, notice, deadlineMs: takeOverMs })
  }
  try {
    return await takeOver(options)
  } catch (error) {
    if (!(error instanceof ShareError)) throw error
    // Only a daemon that hangs stands in the way of the new one; what the new one ended of by itself, it would end of again.
    if (error.facts.ended === true && (await answers(options))) throw goesOn(error)
    if (!(await readLiveRecord(places.ownerRecord))) throw error
    notice(`${error.message}; ending the old daemon first`)
    await stopDaemon({ ...options, appServer: false })
    return await takeOver(options)
  }
}

/** Whether a daemon is there that answers, be it in a version that is not ours. */
async function answers(options: RestartDaemonOptions): Promise<boolean> {
  try {
    const client = await openRunning({ ...options, deadlineMs: answerMs })
    client.close()
    return true
  } catch (error) {
    return isShareError(error, 'versionMismatch')
  }
}

function goesOn({ message, hint, cause }: ShareError): ShareError {
  return new ShareError('unavailable', `${message}\nThe daemon that ran before goes on.`, { hint, cause })
}

async function takeOver({ places, identity, env = {} }: RestartDaemonOptions): Promise<DaemonClient> {
  const started = await startDaemonProcess(places, { ...env, CODEX_SHARE_TAKEOVER: '1' })
  const deadline = new Deadline(takeOverMs)
  for (;;) {
    const lastWords = started.lastWords()
    // Looked at before the question: who answers then is the one that took its place, in a restart of somebody else's.
    const isReplaced = lastWords === undefined && started.hasEnded()
    if (lastWords !== undefined)
      throw new ShareError('unavailable', `the new daemon could not take over: ${lastWords}`, {
        facts: { ended: true },
      })
    if (deadline.isOver)
      throw new ShareError(
        'unavailable',
        `the new daemon at ${endpointName({ path: places.daemonSocket })} does not answer`,
      )
    const client = await openRunning({ places, identity, deadlineMs: 5000 }).catch((error: unknown) => {
      if (!(error instanceof ShareError)) throw error
      return undefined // The old one is leaving, or is of a version we do not speak: the new one answers in a moment.
    })
    const status = await client?.call('share/status', {}).catch(() => undefined) // It left between the two.
    if (client && status && (isReplaced || status.daemon.pid === started.pid)) return client
    client?.close()
    await delay(30)
  }
}
