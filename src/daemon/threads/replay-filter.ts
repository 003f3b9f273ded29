/** Drops live notifications of what catching up has recorded already: Codex stores a thing a moment before it notifies of it. */
import type { UpstreamNotification } from '../../codex/decoding/decode-notification.ts'
import type { KnownTurn } from './reconcile.ts'

/** Notifications of older turns than these have all come when the stored turns are read. */
const latest = 3

export class ReplayFilter {
  private readonly known: (turnId: string) => KnownTurn
  private readonly turns = new Map<string, KnownTurn>()

  constructor(known: (turnId: string) => KnownTurn) {
    this.known = known
  }

  /** To be called when the stored turns are in the ledger, with their ids, oldest first. */
  remember(turnIds: readonly string[]): void {
    for (const turnId of turnIds.slice(-latest)) this.turns.set(turnId, this.known(turnId))
  }

  /** Whether the ledger has what this notification says. */
  has(notification: UpstreamNotification): boolean {
    const { effect, turnId, itemId } = notification
    const isEnd = effect.kind === 'turnEnded'
    if (turnId === null) return false
    // An end may have been recorded by a daemon before this one.
    const turn = this.turns.get(turnId) ?? (isEnd ? this.known(turnId) : undefined)
    if (turn === undefined) return false
    if (isEnd) this.turns.delete(turnId)
    if (turn.ended) return true
    if (effect.kind === 'turnStarted') return turn.started
    return itemId !== null && turn.completedItems.has(itemId)
  }
}
