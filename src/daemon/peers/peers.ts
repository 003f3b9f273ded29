/** Who is connected: every connection with its label, and the threads it follows. */
import type * as v from 'valibot'
import type { Author } from '../../protocol/events.ts'
import type { DaemonNotificationName, daemonNotifications, Peer } from '../../protocol/methods.ts'
import type { OtherHome } from '../../protocol/other-home.ts'
import type { Channel } from '../../rpc/channel.ts'
import type { RpcPeer } from '../../rpc/rpc-peer.ts'
import type { FollowHandle } from '../publishing/feed.ts'
import type { PeerIdentity } from './peer-identity.ts'
import { PresenceAnnouncer } from './presence.ts'
import { atMost, includes, type Right } from './rights.ts'

/** One connection. `author` is null until it said `initialize`. */
export interface ConnectedPeer {
  readonly peerId: string
  readonly channel: Channel
  readonly rpc: RpcPeer
  readonly since: string
  /** Whose process it is, by the kernel. */
  readonly identity: PeerIdentity
  readonly following: Map<string, FollowHandle>
  author: Author | null
  /** Its CODEX_HOME as a real path, where it said so. */
  codexHome: string | undefined
  /** What it may do by its identity, or less where it asked for less. */
  granted: Right
  /** What it may do at this moment. */
  readonly right: Right
  /** Where its CODEX_HOME is another than the one that is worked with. */
  readonly otherHome: OtherHome | undefined
  /** Is told of approvals, and may answer them. */
  answers: boolean
}

/** A connection as it comes in. */
export interface NewPeer extends Pick<ConnectedPeer, 'channel' | 'identity' | 'granted'> {
  /** The CODEX_HOME that is worked with. */
  readonly homeInUse: () => string
  readonly makeRpc: (peer: () => ConnectedPeer) => RpcPeer
}

/** Someone who is there without a connection to `daemon.sock`, a stock Codex: listed and announced like a peer, and told of nothing by us. */
export interface Guest {
  /** What waits for an answer on its own link. */
  readonly inFlight: { readonly size: number }
  describe(): Peer
  /** Writes a message of Codex's wire to it. */
  tell(frame: string): void
  /** Its link to the app-server ends, and it goes on with the next one. */
  cutOff(reason: string): void
}

export class Peers {
  private readonly connected = new Set<ConnectedPeer>()
  private readonly visiting = new Set<Guest>()
  private readonly presence = new PresenceAnnouncer((threadId) => this.followers(threadId))
  private lastId = 0

  /** A connection came; it is listed once it has said who it is. */
  add({ channel, identity, granted, homeInUse, makeRpc }: NewPeer): ConnectedPeer {
    const peer: ConnectedPeer = {
      peerId: this.nextId(),
      channel,
      rpc: makeRpc(() => peer),
      since: new Date().toISOString(),
      identity,
      following: new Map(),
      author: null,
      codexHome: undefined,
      granted,
      get right() {
        return this.otherHome ? atMost('read', this.granted) : this.granted
      },
      get otherHome() {
        const [caller, daemon] = [this.codexHome, homeInUse()]
        return caller === undefined || caller === daemon ? undefined : { caller, daemon }
      },
      answers: false,
    }
    this.connected.add(peer)
    return peer
  }

  remove(peer: ConnectedPeer): void {
    this.connected.delete(peer)
    for (const [threadId, handle] of peer.following) {
      handle.end()
      this.presence.announce(threadId, 'left', describe(peer))
    }
    peer.following.clear()
  }

  /** Returns the id it is listed by. */
  addGuest(guest: Guest): string {
    this.visiting.add(guest)
    return this.nextId()
  }

  removeGuest(guest: Guest): void {
    this.visiting.delete(guest)
  }

  /** Whether some wait for an answer on links of their own. */
  get guestsAsk(): boolean {
    return [...this.visiting].some(({ inFlight }) => inFlight.size > 0)
  }

  /** What they send from now on waits for the next app-server. */
  cutOffGuests(reason: string): void {
    for (const guest of this.visiting) guest.cutOff(reason)
  }

  announceGuest(threadId: string, change: 'joined' | 'left', guest: Guest): void {
    this.presence.announce(threadId, change, guest.describe())
  }

  /** Tells the guests that have the thread open, on Codex's wire. */
  tellGuests(threadId: string, frame: string): void {
    for (const guest of this.visiting) if (guest.describe().threads.includes(threadId)) guest.tell(frame)
  }

  /** How many guests have the thread open. */
  guests(threadId: string): number {
    return this.guestList().filter(({ threads }) => threads.includes(threadId)).length
  }

  /** How many have the thread open, in whatever way. */
  count(threadId: string): number {
    return this.followers(threadId).length + this.guests(threadId)
  }

  /** How many have each thread open, of those that anybody has. */
  counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    const open = [...this.connected].map(({ following }) => [...following.keys()])
    const guests = this.guestList().map(({ threads }) => new Set(threads))
    for (const threadIds of [...open, ...guests])
      for (const threadId of threadIds) counts.set(threadId, (counts.get(threadId) ?? 0) + 1)
    return counts
  }

  addFollower(peer: ConnectedPeer, threadId: string, handle: FollowHandle): void {
    const before = peer.following.get(threadId)
    before?.end()
    peer.following.set(threadId, handle)
    if (!before) this.presence.announce(threadId, 'joined', describe(peer))
  }

  removeFollower(peer: ConnectedPeer, threadId: string): void {
    const handle = peer.following.get(threadId)
    if (!handle) return
    handle.end()
    peer.following.delete(threadId)
    this.presence.announce(threadId, 'left', describe(peer))
  }

  list(threadId?: string): Peer[] {
    const peers = [...this.connected].filter(({ author }) => author).map(describe)
    return [...peers, ...this.guestList()].filter(({ threads }) => !threadId || threads.includes(threadId))
  }

  followers(threadId: string): ConnectedPeer[] {
    return [...this.connected].filter((peer) => peer.following.has(threadId))
  }

  /** Tells all that follow a thread something that concerns every one of them. */
  tellFollowers<N extends DaemonNotificationName>(
    method: N,
    params: v.InferInput<(typeof daemonNotifications)[N]>,
  ): void {
    for (const { following, channel, rpc } of this.connected)
      if (following.size > 0) channel.guard.run(() => rpc.notify(method, params))
  }

  get size(): number {
    return this.connected.size + this.visiting.size
  }

  private guestList(): Peer[] {
    return [...this.visiting].map((guest) => guest.describe())
  }

  private nextId(): string {
    this.lastId += 1
    return `p${this.lastId}`
  }
}

/** As others see it. One that may nothing never comes so far. */
export function shownRight(right: Right): Pick<Peer, 'readOnly' | 'rights'> {
  return { readOnly: !includes(right, 'post'), rights: right === 'none' ? 'read' : right }
}

function describe({ peerId, author, since, right, following }: ConnectedPeer): Peer {
  const { label, kind, pid } = author ?? { label: 'unknown', kind: 'script', pid: null }
  return { peerId, label, kind, pid, since, ...shownRight(right), threads: [...following.keys()] }
}
