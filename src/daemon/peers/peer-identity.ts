/** Who is at the other end of a connection, by the kernel and not by what it says of itself. */
import type { Socket } from 'node:net'
import { addonError } from '../../platform/processes/native-addon.ts'
import { thisSystem } from '../../platform/system/this-system.ts'

/**
 * - `own`: a process of our own user.
 * - `confined`: one that Codex's sandbox confines: a command that an agent runs.
 * - `foreign`: a process of another user.
 * - `unknown`: the kernel did not say, or not in time.
 */
export type PeerIdentity =
  | { readonly kind: 'own' | 'confined'; readonly pid: number }
  | { readonly kind: 'foreign'; readonly pid: null; readonly uid: number }
  | { readonly kind: 'unknown'; readonly pid: null; readonly reason: string }

/** Looks once, when the connection is taken: neither user nor restraints of the process that made it can change for the better. */
export function identifyPeer(socket: Socket, system = thisSystem): PeerIdentity {
  try {
    const peer = system.peerOf(socket)
    if (!peer) return unknown('the kernel does not say who connected')
    const { uid, pid } = peer
    if (uid !== process.getuid?.()) return { kind: 'foreign', pid: null, uid }
    if (pid <= 0) return unknown('its process is not visible from here')
    const confined = peer.isConfined()
    // Asked last: what was read of the pid before is then about the process that connected.
    if (confined === undefined || peer.stillRuns() === false)
      return unknown('its process has ended or cannot be looked at')
    return { kind: confined ? 'confined' : 'own', pid }
  } catch (error) {
    const problem = addonError('koffi', error) ?? error
    return unknown(problem instanceof Error ? problem.message : String(problem))
  }
}

function unknown(reason: string): PeerIdentity {
  return { kind: 'unknown', pid: null, reason }
}
