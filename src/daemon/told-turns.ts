/** What catching up with a thread has told already: Codex stores a thing a moment before it notifies of it, so that it comes once more. */
import type { UpstreamNotification } from '../codex/upstream-message.ts'
import type { KnownTurn } from './reconcile.ts'
import { itemIdOf, turnIdOf } from './thread-facts.ts'

/** Notifications of older turns than these have all come when the stored turns are read. */
const latest = 3

export class ToldTurns {
  private readonly known: (turnId: string) => KnownTurn
  private readonly turns = new Map<string, KnownTurn>()

  constructor(known: (turnId: string) => KnownTurn) {
    this.known = known
  }

  /** To be called when the stored turns are in the ledger, with their ids, oldest first. */
  tell(turnIds: readonly string[]): void {
    for (const turnId of turnIds.slice(-latest)) this.turns.set(turnId, this.known(turnId))
  }

  /** Whether the ledger has what this notification tells. */
  has(notification: UpstreamNotification): boolean {
    const { method, params } = notification
    const turnId = turnIdOf(params)
    if (turnId === null) return false
    // An end is also told by a daemon before this one.
    const turn = this.turns.get(turnId) ?? (method === 'turn/completed' ? this.known(turnId) : undefined)
    if (turn === undefined) return false
    if (method === 'turn/completed') this.turns.delete(turnId)
    if (turn.ended) return true
    if (method === 'turn/started') return turn.started
    const itemId = itemIdOf(params)
    return itemId !== null && turn.completedItems.has(itemId)
  }
}
