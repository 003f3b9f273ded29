/** Lets go of the oldest events, by age and by size, a little at a time. What is gone is remembered as a gap. */
import type { Database } from 'better-sqlite3'
import type { LedgerClock } from './ledger-clock.ts'
import type { ThreadCounters } from './thread-counters.ts'
import type { ThreadStore } from './thread-store.ts'

export interface RetentionRule {
  /** Events older than this many days go; 0 keeps them. */
  readonly days: number
  /** Above this size in MiB the oldest go; 0 means no limit. */
  readonly megabytes: number
}

const dayMs = 86_400_000

export class Retention {
  private readonly db: Database
  private readonly threads: ThreadStore
  private readonly clock: LedgerClock

  constructor(db: Database, threads: ThreadStore, clock: LedgerClock) {
    this.db = db
    this.threads = threads
    this.clock = clock
  }

  /** One round: deletes at most `limit` events and returns how many, so that the caller can come back for more. */
  prune({ days, megabytes }: RetentionRule, limit: number): number {
    const ageMs = days * dayMs
    const byAge = days > 0 ? this.dropOlderThan(this.clock.now(ageMs) - ageMs, limit) : 0
    const tooLarge = megabytes > 0 && this.usedBytes() > megabytes * 1024 * 1024
    return byAge + (tooLarge && byAge < limit ? this.dropLeastRecent(limit - byAge) : 0)
  }

  /** Bytes of the file that hold something. */
  usedBytes(): number {
    const pragma = (name: string) => Number(this.db.pragma(name, { simple: true }))
    return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')
  }

  private dropOlderThan(cutoffMs: number, limit: number): number {
    const oldestKept = this.db
      .prepare<[number, number], number>('SELECT id FROM events WHERE thread = ? AND at_ms >= ? ORDER BY id LIMIT 1')
      .pluck()
    let dropped = 0
    for (const thread of this.threads.all()) {
      if (dropped >= limit) return dropped
      dropped += this.drop(thread, oldestKept.get(thread.key, cutoffMs) ?? thread.nextId, limit - dropped)
    }
    this.db.prepare('DELETE FROM requests WHERE at_ms < ?').run(cutoffMs)
    // The newest of a thread stays: by it Codex's history is known to be recorded already, and is not imported once more.
    const newest = 'SELECT max(first_id) FROM turns AS own WHERE own.thread = turns.thread'
    this.db
      .prepare(`DELETE FROM turns WHERE started_ms < ? AND status != 'inProgress' AND first_id < (${newest})`)
      .run(cutoffMs)
    return dropped
  }

  private dropLeastRecent(limit: number): number {
    const thread = this.threads.leastRecent()
    return thread ? this.drop(thread, thread.nextId, limit) : 0
  }

  private drop(thread: ThreadCounters, below: number, limit: number): number {
    const sql = `SELECT max(id) AS last, count(*) AS count, count(*) - count(delta_of) AS lasting
      FROM (SELECT id, delta_of FROM events WHERE thread = ? AND id < ? ORDER BY id LIMIT ?)`
    const found = this.db
      .prepare<[number, number, number], { last: number | null; count: number; lasting: number }>(sql)
      .get(thread.key, below, limit)
    if (!found || found.last === null) return 0
    const { last, count, lasting } = found
    const events = thread.events - lasting
    this.db.transaction(() => {
      this.db.prepare('DELETE FROM events WHERE thread = ? AND id <= ?').run(thread.key, last)
      this.db
        .prepare('UPDATE threads SET pruned_to = ?, next_id = max(next_id, ?), events = ? WHERE key = ?')
        .run(last, last + 1, events, thread.key)
    })()
    // Only now: on a full disk the transaction fails at its very end, and nothing has gone.
    this.threads.replace({ ...thread, prunedTo: last, events })
    return count
  }
}
