/** Runs a pass of the ledger's retention, or the beginning of one. */
import type { Retention, RetentionRule } from '../../src/ledger/retention/retention.ts'

/** Ends in the middle of the pass once so many events have gone, as a daemon that stops does. Returns how many have. */
export function prune(retention: Retention, rule: RetentionRule, limit = Number.POSITIVE_INFINITY): number {
  let dropped = 0
  for (const count of retention.pass(rule, { rowsPerStep: Math.min(limit, 64) })) {
    dropped += count
    if (dropped >= limit) break
  }
  return dropped
}
