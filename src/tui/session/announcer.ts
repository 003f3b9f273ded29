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
  private readonly unannounced = new Map<string, NodeJS.Timeout>()
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
    this.announce(peer, isScript)
    if (!isScript) return
    const onSettled = () => {
      const isHere = this.store.state.session.peers.some(({ peerId }) => peerId === peer.peerId)
      if (!isHere || this.known.has(keyOf(peer))) return
      this.unannounced.delete(peer.peerId)
      this.announce(peer, false)
    }
    this.unannounced.set(peer.peerId, setTimeout(onSettled, settleMs).unref())
  }

  onLeft(peer: Peer): void {
    clearTimeout(this.unannounced.get(peer.peerId))
    this.store.dispatch({ type: 'peer', change: 'left', peer, quiet: this.unannounced.delete(peer.peerId) })
  }

  end(): void {
    for (const timer of this.unannounced.values()) clearTimeout(timer)
  }

  private announce(peer: Peer, quiet: boolean): void {
    this.store.dispatch({ type: 'peer', change: 'joined', peer, quiet })
  }
}

function keyOf({ label, pid }: Pick<Peer, 'label' | 'pid'>): string {
  return `${pid} ${label}`
}
