/** Ends the user's own daemon: asks it, then SIGTERM, then SIGKILL, each with a deadline and each only when needed. */
import { findAppServerProcess } from '../../platform/places/find-app-server-process.ts'
import { readOwner } from '../../platform/places/owner-record.ts'
import type { Places } from '../../platform/places/resolve-places.ts'
import { isStillRunning, type ProcessRecord } from '../../platform/processes/process-record.ts'
import {
  processTarget,
  type StopStep,
  type StopTarget,
  stopAppServer,
  stopOne,
} from '../../platform/processes/stop-process.ts'
import { isShareError, ShareError } from '../../protocol/errors.ts'
import type { DaemonClient } from '../connection/daemon-client.ts'
import { endpointName } from '../connection/endpoint.ts'
import { findPlaces, probeDaemon } from '../connection/find-daemon.ts'
import type { Identity } from '../connection/handshake.ts'
import { stopByService } from './control-by-service.ts'
import { openRunning } from './open-running.ts'

export interface StopDaemonOptions {
  readonly places: Places
  readonly identity: Identity
  /** Also end the app-server that the daemon keeps. */
  readonly appServer: boolean
  /** Printed on stderr for the person who waits. */
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
  const asked = await askToEnd(options)
  // One that was still starting has noted itself by now.
  const owner = before ?? (await readOwner(places))
  const found = asked?.process ?? (asked === undefined || asked.pid === owner?.pid ? owner : undefined)
  if (found) await stopOne(daemonByRecord(found), await daemonLadder(found, asked !== undefined, options))
  else if (asked) await stopOne(daemonBySocket(places), [{ withinMs: askedMs }])
  // The daemon has ended it when it was asked to; a daemon that had to be killed has not.
  if (server) await stopAppServer(server, { turnMs: asked ? 10_000 : 3000 })
  return { daemonPid: asked?.pid ?? owner?.pid ?? null, appServerPid: server?.pid ?? null }
}

type RunningProcess = Pick<ProcessRecord, 'pid' | 'startToken'>

interface AskedDaemon {
  readonly pid: number
  /** Undefined where it cannot be seen from here, or is of a version that does not say its start. */
  readonly process: RunningProcess | undefined
}

/** @returns the daemon that was asked; undefined when none answers */
async function askToEnd(options: StopDaemonOptions): Promise<AskedDaemon | undefined> {
  try {
    const client = await openRunning({ ...options, deadlineMs: answerMs })
    try {
      const { daemon } = await client.call('share/status', {}, { timeoutMs: answerMs })
      const { pid, startToken = '' } = daemon
      const isSeen = await isStillRunning({ pid, startToken })
      await shutDown(client, options)
      return { pid, process: isSeen ? { pid, startToken } : undefined }
    } finally {
      client.close()
    }
  } catch (error) {
    // Gone, hanging, or of a version we share no protocol with: in each case the signals are what is left.
    if (error instanceof ShareError) return undefined
    throw error
  }
}

async function shutDown(client: DaemonClient, { appServer, identity }: StopDaemonOptions): Promise<void> {
  const params = { appServer, reason: `stopped by ${identity.label}` }
  await client.call('share/shutdown', params, { timeoutMs: answerMs }).catch((error: unknown) => {
    // It may be gone before its answer has left.
    if (!isShareError(error, 'connectionLost')) throw error
  })
}

const daemonByRecord = (daemon: RunningProcess) => processTarget('daemon', daemon)

async function daemonLadder(
  daemon: RunningProcess,
  wasAsked: boolean,
  { places, notice }: StopDaemonOptions,
): Promise<StopStep[]> {
  const { signal } = daemonByRecord(daemon)
  const [terminate, kill] = [signal('SIGTERM', 3000), signal('SIGKILL', 5000)]
  const noticed = (what: string, step: StopStep): StopStep => ({
    ...step,
    act: () => {
      notice(`the daemon (pid ${daemon.pid}) ${what}; ending it by signal`)
      step.act?.()
    },
  })
  if (wasAsked) return [{ withinMs: askedMs }, noticed('does not end', terminate), kill]
  // One that does not listen any more is on its way out, and has as long for it as one that was asked.
  const isHung = await isListening(places)
  return [noticed('does not answer', isHung ? terminate : { ...terminate, withinMs: askedMs }), kill]
}

function daemonBySocket(places: Places): StopTarget {
  const endpoint = endpointName({ path: places.daemonSocket })
  return {
    hasEnded: async () => !(await isListening(places)),
    outlived: () => new ShareError('unavailable', `the daemon at ${endpoint} was asked to end and does not`),
  }
}

async function isListening(places: Places): Promise<boolean> {
  const probe = await probeDaemon(places)
  if (probe.state === 'open') probe.channel.close()
  return probe.state !== 'absent' && probe.state !== 'dead'
}
