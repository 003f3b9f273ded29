/** Ends the user's own daemon: asks it, then SIGTERM, then SIGKILL, each with a deadline and each only when needed. */
import { findAppServerProcess } from '../../platform/places/find-app-server-process.ts'
import { readOwner } from '../../platform/places/owner-record.ts'
import type { Places } from '../../platform/places/resolve-places.ts'
import { isStillRunning } from '../../platform/processes/process-record.ts'
import { endsWithin, stopAppServer, stopProcess } from '../../platform/processes/stop-process.ts'
import { isSoWithin } from '../../platform/time/within.ts'
import { isShareError, ShareError } from '../../protocol/errors.ts'
import type { DaemonClient } from '../connection/daemon-client.ts'
import { type Endpoint, endpointName } from '../connection/endpoint.ts'
import { findPlaces, probeDaemon } from '../connection/find-daemon.ts'
import type { Identity } from '../connection/handshake.ts'
import { openClient } from '../open-client.ts'
import { stopByService } from './control-by-service.ts'

export interface StopDaemonOptions {
  readonly places: Places
  readonly identity: Identity
  /** Also end the app-server that the daemon keeps. */
  readonly appServer: boolean
  /** Told to the person who waits, on stderr. */
  readonly notice: (text: string) => void
}

/** What was found and ended; a null pid means that there was nothing to end. */
export interface StoppedDaemon {
  readonly daemonPid: number | null
  readonly appServerPid: number | null
}

const answerMs = 3000
/** The daemon gives itself 18 s for its own end. */
const askedMs = 19_000

/** @throws ShareError `unavailable` when something does not end, or an old daemon cannot be told apart from other processes */
export async function stopDaemon(given: StopDaemonOptions): Promise<StoppedDaemon> {
  const places = await findPlaces(given.places)
  const options = { ...given, places }
  const { appServer } = options
  const [before, server] = await Promise.all([readOwner(places), appServer ? findAppServerProcess(places) : undefined])
  const managed = await stopByService(places, { appServer })
  if (managed && !(before && (await isStillRunning(before)))) return { daemonPid: before?.pid ?? null, ...managed }
  const asked = await ask(options)
  // One that was still starting has noted itself by now.
  const owner = before ?? (await readOwner(places))
  // One that keeps another ledger has no record here.
  const daemon = asked && asked.pid !== owner?.pid ? undefined : owner
  if (daemon) {
    if (asked && !(await endsWithin(daemon, askedMs)))
      options.notice(`the daemon (pid ${daemon.pid}) does not end; ending it by signal`)
    else if (!asked) options.notice(`the daemon (pid ${daemon.pid}) does not answer; ending it by signal`)
    // One that does not listen any more is on its way out, and has as long for it as one that was asked.
    const isHung = asked !== undefined || (await isListening(places))
    await stopProcess('daemon', daemon, [
      { signal: 'SIGTERM', withinMs: isHung ? 3000 : askedMs },
      { signal: 'SIGKILL', withinMs: 5000 },
    ])
  } else if (asked) await untilNobodyAnswers(places)
  if (!server) return { daemonPid: daemon?.pid ?? (asked ? asked.pid : null), appServerPid: null }
  // The daemon has ended it when it was asked to; a daemon that had to be killed has not.
  await stopAppServer(server, { turnMs: asked ? 10_000 : 3000 })
  return { daemonPid: daemon?.pid ?? (asked ? asked.pid : null), appServerPid: server.pid }
}

/** Asks the daemon to end; undefined when none answers. */
async function ask(options: StopDaemonOptions): Promise<{ readonly pid: number } | undefined> {
  const endpoint: Endpoint = { kind: 'given', path: options.places.daemonSocket }
  try {
    const client = await openClient({ endpoint, identity: options.identity, notice: () => {}, deadlineMs: answerMs })
    try {
      const { daemon } = await client.call('share/status', {}, { timeoutMs: answerMs })
      await askToEnd(client, options)
      return { pid: daemon.pid }
    } finally {
      client.close()
    }
  } catch (error) {
    // Gone, hanging, or of a version we share no protocol with: in each case the signals are what is left.
    if (error instanceof ShareError) return undefined
    throw error
  }
}

async function askToEnd(client: DaemonClient, { appServer, identity }: StopDaemonOptions): Promise<void> {
  const params = { appServer, reason: `stopped by ${identity.label}` }
  await client.call('share/shutdown', params, { timeoutMs: answerMs }).catch((error: unknown) => {
    // It may be gone before its answer has left.
    if (!isShareError(error, 'connectionLost')) throw error
  })
}

async function untilNobodyAnswers(places: Places): Promise<void> {
  if (await isSoWithin(askedMs, async () => !(await isListening(places)))) return
  const endpoint = endpointName({ path: places.daemonSocket })
  throw new ShareError('unavailable', `the daemon at ${endpoint} was asked to end and does not`)
}

async function isListening(places: Places): Promise<boolean> {
  const probe = await probeDaemon(places)
  if (probe.state === 'open') probe.channel.close()
  return probe.state !== 'absent' && probe.state !== 'dead'
}
