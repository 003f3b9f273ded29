/** An item that a question is about, as an answer names it: what is changed where, and not the changes themselves. */
import type { Approval } from '../../protocol/approvals.ts'
import type { Loose } from '../threads/thread-facts.ts'

export function withoutDiffs(item: Approval['item']): Approval['item'] {
  if (!item || !Array.isArray(item.changes)) return item
  return { ...item, changes: item.changes.map(({ diff: _diff, ...change }: Loose) => change) }
}
