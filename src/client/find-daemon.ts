/** Finds the user's own daemon from every environment: at its own socket, else where the ledger's owner record says that it listens. */
import { placesOfOwner } from '../platform/places/owner-record.ts'
import type { Places } from '../platform/runtime-dir.ts'
import { type Probe, probeSocket } from './probe-socket.ts'

export interface FoundDaemon {
  /** Where it was looked for last: the places of the daemon that answers, or else those of this environment. */
  readonly places: Places
  readonly probe: Probe
}

/** Nothing but the environment's own socket is looked at where that one answers. */
export async function findDaemon(places: Places): Promise<FoundDaemon> {
  const probe = await probeSocket(places.daemonSocket)
  if (probe.state !== 'absent' && probe.state !== 'dead') return { places, probe }
  const elsewhere = await placesOfOwner(places)
  if (!elsewhere) return { places, probe }
  const other = await probeSocket(elsewhere.daemonSocket)
  return other.state === 'open' || other.state === 'crowded' ? { places: elsewhere, probe: other } : { places, probe }
}

/** For those who ask for more than a connection. */
export async function findPlaces(places: Places): Promise<Places> {
  const found = await findDaemon(places)
  if (found.probe.state === 'open') found.probe.channel.close()
  return found.places
}
