/** Where reading begins that is asked for by a time. */
import type { Database } from 'better-sqlite3'

/** How many of the thread's events from that time on are looked at for one with a lower id. */
const lateEvents = 100

/**
 * The cursor behind which the first event of this time or later comes; the head where there is none.
 *
 * Times go up with the ids but for a few events that were recorded late. As long as no more than 100 lasting events have a time between
 * that of the first and the one asked for, no event of that time or later lies at the cursor or before it, but for deltas: they have no
 * index by time, so that only those right before the first lasting event, or before the head, are looked at.
 */
export function cursorBeforeTime(db: Database, key: number, atMs: number, head: number): number {
  const idOf = (sql: string, ...values: number[]) =>
    db
      .prepare<number[], number | null>(sql)
      .pluck()
      .get(key, ...values) ?? undefined
  // The least id of all would be looked for in every row from there on.
  const lasting = idOf(
    `SELECT min(id) FROM (SELECT id FROM events WHERE thread = ? AND at_ms >= ? AND delta_of IS NULL
     ORDER BY at_ms LIMIT ${lateEvents})`,
    atMs,
  )
  const before = lasting ?? head + 1
  const earlier = idOf(
    'SELECT id FROM events WHERE thread = ? AND id < ? AND delta_of IS NULL ORDER BY id DESC LIMIT 1',
    before,
  )
  const delta = idOf(
    'SELECT id FROM events WHERE thread = ? AND id > ? AND id < ? AND at_ms >= ? ORDER BY id LIMIT 1',
    ...[earlier ?? 0, before, atMs],
  )
  return (delta ?? before) - 1
}
