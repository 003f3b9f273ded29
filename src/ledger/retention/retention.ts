/** Lets go of the oldest events, by age and by size, a little at a time. What is gone is remembered as a gap. */
import type { Database, Statement } from 'better-sqlite3'
import type { LedgerClock } from '../ledger-clock.ts'
import type { ThreadStore } from '../thread-store.ts'
import { FreePages } from './free-pages.ts'
import { OldSubmits } from './old-submits.ts'

export interface RetentionRule {
  /** Events older than this many days go; 0 keeps them. */
  readonly days: number
  /** Above this size in MiB the oldest go; 0 means no limit. */
  readonly megabytes: number
}

const dayMs = 86_400_000
/** What one step looks at and deletes: some milliseconds, also where each is on a page that is not in memory. */
const mostRows = 64
const mostBytes = 256 * 1024

export class Retention {
  private readonly db: Database
  private readonly threads: ThreadStore
  private readonly clock: LedgerClock
  private readonly submits: OldSubmits
  private readonly pages: FreePages
  private readonly behind: Statement<[number, number], OldRow>
  private readonly dropRows: Statement<[number, number]>
  private readonly noteDropped: Statement<[number, number, number, number]>

  constructor(db: Database, threads: ThreadStore, clock: LedgerClock) {
    this.db = db
    this.threads = threads
    this.clock = clock
    this.submits = new OldSubmits(db)
    this.pages = new FreePages(db)
    this.behind = db.prepare(
      `SELECT id, at_ms AS atMs, delta_of IS NULL AS lasts, octet_length(body) AS bytes
       FROM events WHERE thread = ? AND id > ? ORDER BY id`,
    )
    this.dropRows = db.prepare('DELETE FROM events WHERE thread = ? AND id <= ?')
    this.noteDropped = db.prepare(
      'UPDATE threads SET pruned_to = ?, next_id = max(next_id, ?), events = ? WHERE key = ?',
    )
  }

  /**
   * Goes through the ledger once. Each step is a few milliseconds of work, complete by itself, and yields how many events went; where
   * the pass is, is kept between them, so that no row is looked at again. What a pass that is not finished leaves is the next one's.
   */
  *pass({ days, megabytes }: RetentionRule, { rowsPerStep = mostRows } = {}): Generator<number, void> {
    if (days > 0) {
      const cutoffMs = this.clock.now(days * dayMs) - days * dayMs
      for (const { threadId } of [...this.threads.all()]) {
        yield* this.dropOlderThan(threadId, cutoffMs, rowsPerStep)
        yield* this.submits.dropTurns(this.threads.counters(threadId).key, cutoffMs)
      }
      yield* this.submits.dropRequests(cutoffMs)
    }
    if (megabytes > 0) yield* this.dropAbove(megabytes * 1024 * 1024, rowsPerStep)
    yield* this.pages.giveBack()
  }

  private *dropOlderThan(threadId: string, cutoffMs: number, rowsPerStep: number): Generator<number, void> {
    for (let isLast = false; !isLast; ) {
      const old = this.oldest(threadId, rowsPerStep, cutoffMs)
      isLast = old.length === 0
      if (!isLast) yield this.drop(threadId, old)
    }
  }

  /** From the thread that was left alone longest on, until the file holds less. */
  private *dropAbove(bytes: number, rowsPerStep: number): Generator<number, void> {
    for (const threadId of this.threads.leastRecentFirst())
      for (let isEmpty = false; !isEmpty; ) {
        if (this.pages.usedBytes() <= bytes) return
        const rows = this.oldest(threadId, rowsPerStep)
        isEmpty = rows.length === 0
        yield this.drop(threadId, rows)
      }
  }

  /** The rows that come first, as far as they are older; behind the first that is not, nothing is read. */
  private oldest(threadId: string, rowsPerStep: number, cutoffMs = Number.POSITIVE_INFINITY): OldRow[] {
    const { key, prunedTo } = this.threads.counters(threadId)
    const old: OldRow[] = []
    let bytes = 0
    for (const row of this.behind.iterate(key, prunedTo)) {
      if (row.atMs >= cutoffMs) break
      old.push(row)
      bytes += row.bytes
      if (old.length >= rowsPerStep || bytes > mostBytes) break
    }
    return old
  }

  private drop(threadId: string, rows: readonly OldRow[]): number {
    const last = rows.at(-1)?.id
    if (last === undefined) return 0
    const thread = this.threads.counters(threadId)
    const events = thread.events - rows.reduce((count, { lasts }) => count + lasts, 0)
    this.db.transaction(() => {
      this.dropRows.run(thread.key, last)
      this.noteDropped.run(last, last + 1, events, thread.key)
    })()
    // Only now: on a full disk the transaction fails at its very end, and nothing has gone.
    this.threads.replace({ ...thread, prunedTo: last, events })
    return rows.length
  }
}

interface OldRow {
  readonly id: number
  readonly atMs: number
  /** 1 where it counts as an event, 0 for a delta. */
  readonly lasts: number
  readonly bytes: number
}
