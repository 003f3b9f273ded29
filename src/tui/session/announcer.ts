/**
 * Who comes and goes in a shared thread, without those that are no news: a script that only posts is told of by its prompt, and one
 * that was there for a moment not at all.
 */
import type { ShareEvent } from '../../protocol/events.ts'
import type { Peer } from '../../protocol/methods.ts'
import type { UiStore } from '../state/store.ts'

/** After this long a script that has not posted is somebody who follows. */
const settleMs = 3000

export class Announcer {
  private readonly store: UiStore
  /** Scripts of which nothing was said, by their `peerId`; they may leave without a word as well. */
  private readonly unsaid = new Map<string, NodeJS.Timeout>()
  /** Scripts that did something in the thread. */
  private readonly known = new Set<string>()

  constructor(store: UiStore) {
    this.store = store
  }

  /** What somebody does in the thread says who they are. */
  onEvent({ by }: ShareEvent): void {
    if (by?.kind === 'script') this.known.add(keyOf(by))
  }

  onJoined(peer: Peer): void {
    const isScript = peer.kind === 'script'
    this.tell(peer, isScript)
    if (!isScript) return
    const settled = () => {
      const isHere = this.store.state.session.peers.some(({ peerId }) => peerId === peer.peerId)
      if (!isHere || this.known.has(keyOf(peer))) return
      this.unsaid.delete(peer.peerId)
      this.tell(peer, false)
    }
    this.unsaid.set(peer.peerId, setTimeout(settled, settleMs).unref())
  }

  onLeft(peer: Peer): void {
    clearTimeout(this.unsaid.get(peer.peerId))
    this.store.dispatch({ type: 'peer', change: 'left', peer, quiet: this.unsaid.delete(peer.peerId) })
  }

  end(): void {
    for (const timer of this.unsaid.values()) clearTimeout(timer)
  }

  private tell(peer: Peer, quiet: boolean): void {
    this.store.dispatch({ type: 'peer', change: 'joined', peer, quiet })
  }
}

function keyOf({ label, pid }: Pick<Peer, 'label' | 'pid'>): string {
  return `${pid} ${label}`
}
