/** Finds out how the daemon is, without starting it. */

import { probeDaemon } from '../client/connection/find-daemon.ts'
import type { Identity } from '../client/connection/handshake.ts'
import { openRunning } from '../client/daemon-control/open-running.ts'
import type { Places } from '../platform/places/resolve-places.ts'
import { asShareError } from '../protocol/errors.ts'
import type { DaemonSight } from './check.ts'
import { findHeldTurns } from './find-held-turns.ts'

const answerMs = 5000

export async function lookAtDaemon(places: Places, identity: Identity): Promise<DaemonSight> {
  const probe = await probeDaemon(places)
  if (probe.state === 'open') probe.channel.close()
  if (probe.state === 'absent' || probe.state === 'dead') return { state: probe.state }
  try {
    const client = await openRunning({ places, identity, deadlineMs: answerMs })
    try {
      const status = await client.call('share/status', {}, { timeoutMs: answerMs })
      const canAsk = status.activeTurns > 0 && status.appServer.state === 'ready'
      return { state: 'running', status, held: canAsk ? await findHeldTurns(client) : [] }
    } finally {
      client.close()
    }
  } catch (error) {
    const { message, hint } = asShareError(error)
    return { state: 'unwell', message, hint }
  }
}
