/** Finds out whether Codex took a thread back to an earlier turn while nobody heard it: then the ledger has turns that Codex has no more. */
import type { RootTurn } from '../../codex/threads/root-turns.ts'
import type { Ledger } from '../../ledger/ledger.ts'

/** `turns` are the newest that Codex has, oldest first, from the newest one that the ledger knows to have ended. */
export function wasReverted({ turns: known, events }: Ledger, threadId: string, turns: readonly RootTurn[]): boolean {
  // Codex may never have stored one that did not end well.
  const last = known.lastCompleted(threadId)
  if (!last || turns.some(({ id }) => id === last.turnId)) return false
  const [oldest] = turns
  const common = oldest && known.get(threadId, oldest.id)
  const isBehind = common !== undefined && common.firstId > last.firstId
  return !isBehind && !events.isReverted(threadId, last.firstId)
}
