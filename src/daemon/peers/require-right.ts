/** Refuses what a peer may not do, with the reason that holds for it: who it is, or where its Codex home is. */
import { otherHomeError } from '../../protocol/other-home.ts'
import type { ConnectedPeer } from './peers.ts'
import { includes, type Right, refusal } from './rights.ts'

type Judged = Pick<ConnectedPeer, 'identity' | 'granted' | 'right' | 'otherHome'>

/** @throws ShareError `denied` or `readOnly` */
export function requireRight(peer: Judged, needed: Right, what: string): void {
  if (includes(peer.right, needed)) return
  if (peer.otherHome && includes(peer.granted, needed)) throw otherHomeError(what, peer.otherHome)
  throw refusal(peer.identity, what)
}
