/** Finds the user's own daemon from every environment: at its own socket, else where the ledger's owner record says that it listens. */
import { setTimeout as delay } from 'node:timers/promises'
import { mayBeCrowded, placesOfOwner } from '../../platform/places/owner-record.ts'
import type { Places } from '../../platform/places/resolve-places.ts'
import { thisSystem } from '../../platform/system/this-system.ts'
import { type Probe, probeSocket } from './probe-socket.ts'

export interface FoundDaemon {
  /** Where it was looked for last: the places of the daemon that answers, or else those of this environment. */
  readonly places: Places
  readonly probe: Probe
}

/** How often a socket is tried that may only be crowded, and how many milliseconds lie between. */
const looks = 20
const betweenLooksMs = 50

/** Nothing but the environment's own socket is looked at where that one answers. */
export async function findDaemon(places: Places, system = thisSystem): Promise<FoundDaemon> {
  const probe = await probeDaemon(places, system)
  if (probe.state !== 'absent' && probe.state !== 'dead') return { places, probe }
  const elsewhere = await placesOfOwner(places)
  if (!elsewhere) return { places, probe }
  const other = await probeDaemon(elsewhere, system)
  return other.state === 'open' || other.state === 'crowded' ? { places: elsewhere, probe: other } : { places, probe }
}

/** Tries the daemon's socket, and does not take a crowded one for dead. */
export async function probeDaemon(places: Places, system = thisSystem): Promise<Probe> {
  for (let look = 1; ; look += 1) {
    const probe = await probeSocket(places.daemonSocket)
    if (probe.state !== 'dead' || !(await mayBeCrowded(places, system))) return probe
    if (look === looks) return { ...probe, state: 'crowded' }
    await delay(betweenLooksMs)
  }
}

/** For those who ask for more than a connection. */
export async function findPlaces(places: Places): Promise<Places> {
  const found = await findDaemon(places)
  if (found.probe.state === 'open') found.probe.channel.close()
  return found.places
}
