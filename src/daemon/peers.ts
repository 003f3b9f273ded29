/** Who is connected: every connection with its label, and the threads it follows. */
import type { Author } from '../protocol/events.ts'
import type { NotificationName, Peer } from '../protocol/methods.ts'
import type { Channel } from '../rpc/channel.ts'
import type { RpcPeer } from '../rpc/rpc-peer.ts'
import type { FollowHandle } from './feed.ts'

/** One connection. `author` is null until it said `initialize`. */
export interface ConnectedPeer {
  readonly peerId: string
  readonly channel: Channel
  readonly rpc: RpcPeer
  readonly since: string
  readonly following: Map<string, FollowHandle>
  author: Author | null
  readOnly: boolean
  /** Is told of approvals, and may answer them. */
  answers: boolean
}

export class Peers {
  private readonly connected = new Set<ConnectedPeer>()
  private lastId = 0

  /** A connection came; it is listed once it has said who it is. */
  add(channel: Channel, makeRpc: (peer: () => ConnectedPeer) => RpcPeer): ConnectedPeer {
    this.lastId += 1
    const peer: ConnectedPeer = {
      peerId: `p${this.lastId}`,
      channel,
      rpc: makeRpc(() => peer),
      since: new Date().toISOString(),
      following: new Map(),
      author: null,
      readOnly: false,
      answers: false,
    }
    this.connected.add(peer)
    return peer
  }

  remove(peer: ConnectedPeer): void {
    this.connected.delete(peer)
    for (const [threadId, handle] of peer.following) {
      handle.end()
      this.announce(threadId, 'left', peer)
    }
    peer.following.clear()
  }

  joined(peer: ConnectedPeer, threadId: string, handle: FollowHandle): void {
    const before = peer.following.get(threadId)
    before?.end()
    peer.following.set(threadId, handle)
    if (!before) this.announce(threadId, 'joined', peer)
  }

  left(peer: ConnectedPeer, threadId: string): void {
    const handle = peer.following.get(threadId)
    if (!handle) return
    handle.end()
    peer.following.delete(threadId)
    this.announce(threadId, 'left', peer)
  }

  list(threadId?: string): Peer[] {
    return [...this.connected]
      .filter((peer) => peer.author && (!threadId || peer.following.has(threadId)))
      .map(describe)
  }

  followers(threadId: string): ConnectedPeer[] {
    return [...this.connected].filter((peer) => peer.following.has(threadId))
  }

  get size(): number {
    return this.connected.size
  }

  /** Presence passes: it has no id, is not in the ledger, and is told to the others on the thread. */
  private announce(threadId: string, change: 'joined' | 'left', who: ConnectedPeer): void {
    const method: NotificationName = 'share/peer'
    for (const peer of this.followers(threadId))
      if (peer !== who) peer.rpc.notify(method, { threadId, change, peer: describe(who) })
  }
}

function describe({ peerId, author, since, readOnly, following }: ConnectedPeer): Peer {
  const { label, kind, pid } = author ?? { label: 'unknown', kind: 'script', pid: null }
  return { peerId, label, kind, pid, since, readOnly, threads: [...following.keys()] }
}
