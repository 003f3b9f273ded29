/** Lets a thread go that is not shared any more: stops following it in Codex, and notifies its peers. */
import type { DaemonCore } from '../core.ts'
import type { ConnectedPeer, Peers } from '../peers/peers.ts'

export function letGo(
  { threadSync, peers, gateway }: Pick<DaemonCore, 'threadSync' | 'peers' | 'gateway'>,
  threadId: string,
): void {
  threadSync.detach(threadId, gateway.current)
  for (const follower of peers.followers(threadId)) sayClosed(peers, follower, threadId)
}

/** Nothing follows for this peer. */
export function sayClosed(peers: Peers, peer: ConnectedPeer, threadId: string): void {
  peer.channel.guard.run(() => peer.rpc.notify('share/closed', { threadId }))
  peers.removeFollower(peer, threadId)
}
