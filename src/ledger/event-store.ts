/** The events themselves: appended in groups, read by cursor. A cursor is the id of the last event one has. */
import type { Database, Statement, Transaction } from 'better-sqlite3'
import type { Gap, StartingPoint } from '../protocol/events.ts'
import { type EventText, eventBody, eventJson, type LineForm, linePieces, type NewEvent } from './event-text.ts'
import { type ForgottenAround, prepareForgottenAround } from './forget/forgotten-around.ts'
import type { LedgerClock } from './ledger-clock.ts'
import { isCorrupt } from './open-ledger.ts'
import type { Soundness } from './soundness.ts'
import { cursorBeforeTime } from './sql/cursor-before.ts'
import { CountedAppend } from './thread-counters.ts'
import type { ThreadStore } from './thread-store.ts'
import type { TurnStore } from './turn-store.ts'

/** A run of events as whole lines; `last` is the cursor behind it. */
export interface PreparedEvents {
  readonly bytes: Buffer
  readonly last: number
  readonly count: number
}

/** Most rows that one read of `lines` looks at, so that no reader holds the loop up, also where each is on a page that is not in memory. */
const rowsPerRead = 256

/** Clocks of two machines differ by less. */
const skewMs = 60_000

/** What an append does to each thread. */
type Appends = Map<string, CountedAppend>

export interface EventStoreParts {
  readonly db: Database
  readonly threads: ThreadStore
  readonly turns: TurnStore
  readonly soundness: Soundness
  readonly clock: LedgerClock
}

export class EventStore {
  private readonly db: Database
  private readonly threads: ThreadStore
  private readonly turns: TurnStore
  private readonly soundness: Soundness
  private readonly clock: LedgerClock
  private readonly insert: Statement
  private readonly dropDeltas: Statement
  private readonly saveHead: Statement
  private readonly read: Statement<[number, number, number], { id: number; body: string }>
  private readonly sizeOfRows: Statement<[number, number, number], number | null>
  private readonly forgottenAround: ForgottenAround
  private readonly readLines: Statement<[object], { bytes: Buffer | null; last: number | null; count: number }>
  private readonly inTransaction: Transaction<(events: readonly NewEvent[], appends: Appends) => EventText[]>

  constructor({ db, threads, turns, soundness, clock }: EventStoreParts) {
    this.db = db
    this.threads = threads
    this.turns = turns
    this.soundness = soundness
    this.clock = clock
    this.insert = db.prepare('INSERT INTO events (thread, id, at_ms, delta_of, body) VALUES (?, ?, ?, ?, ?)')
    this.dropDeltas = db.prepare('DELETE FROM events WHERE thread = ? AND id >= ? AND delta_of = ?')
    this.saveHead = db.prepare(
      'UPDATE threads SET next_id = ?, events = ?, updated_ms = max(min(updated_ms, ?), ?) WHERE key = ?',
    )
    // Made once: making it takes longer than an append of one event.
    this.inTransaction = db.transaction((events, appends) => this.appendAll(events, appends))
    this.read = db.prepare('SELECT id, body FROM events WHERE thread = ? AND id > ? ORDER BY id LIMIT ?')
    this.sizeOfRows = db
      .prepare<[number, number, number], number | null>(
        `SELECT sum(bytes) FROM
         (SELECT octet_length(body) AS bytes FROM events WHERE thread = ? AND id > ? ORDER BY id LIMIT ?)`,
      )
      .pluck()
    this.forgottenAround = prepareForgottenAround(db)
    // SQLite puts the lines together three times as fast as rows come over into JavaScript.
    this.readLines = db.prepare(
      `SELECT CAST(group_concat(line, '') AS BLOB) AS bytes, max(id) AS last, count(*) AS count FROM
       (SELECT id, @beforeId || id || @afterId || body || @end AS line FROM events
        WHERE thread = @key AND id > @cursor ORDER BY id LIMIT @rows)`,
    )
  }

  /**
   * Records events in one transaction and gives them their ids. When it returns, no crash of this process can take them back.
   *
   * The deltas of an item go when its `item/completed` comes: the whole text is in there.
   *
   * @throws SqliteError (a full disk, …): nothing was recorded then, and no id was used.
   */
  append(events: readonly NewEvent[]): EventText[] {
    const appends: Appends = new Map()
    try {
      const texts = this.inTransaction(events, appends)
      for (const { after } of appends.values()) this.threads.replace(after)
      for (const { atMs } of events) this.clock.saw(atMs)
      return texts
    } catch (error) {
      if (isCorrupt(error)) this.soundness.suspect()
      throw error
    }
  }

  private appendAll(events: readonly NewEvent[], appends: Appends): EventText[] {
    const texts = events.map((event) => this.record(event, appends))
    for (const append of appends.values()) {
      if (!append.isRowDue) continue
      const { before, after, dropped, latestMs } = append
      for (const { itemId, from } of dropped) this.dropDeltas.run(before.key, from, itemId)
      // One event from the future would keep its thread first for as long as that is away.
      const latestTimeMs = Date.now() + skewMs
      this.saveHead.run(after.savedId, after.events, latestTimeMs, Math.min(latestMs, latestTimeMs), before.key)
    }
    return texts
  }

  private record(event: NewEvent, appends: Appends): EventText {
    const { threadId, atMs } = event
    const append = appends.get(threadId) ?? new CountedAppend(this.threads.counters(threadId))
    appends.set(threadId, append)
    const { id, deltaOf } = append.count(event)
    const { key } = append.before
    const body = eventBody(event)
    this.insert.run(key, id, atMs, deltaOf, body)
    this.turns.note(event, key, id)
    return { id, json: eventJson(id, threadId, body) }
  }

  /** Id of the newest event that was given out; 0 when there was none. */
  head(threadId: string): number {
    return this.threads.counters(threadId).nextId - 1
  }

  /** What is gone of the events behind the cursor, or null when all are there. */
  gap(threadId: string, cursor: number): Gap | null {
    const { key, prunedTo } = this.threads.counters(threadId)
    if (cursor >= prunedTo) {
      // Whoever has the event that stands for them knows; one who read these ids before is told.
      const around = this.forgottenAround(key, cursor)
      if (!around || around.from === cursor || around.to === cursor) return null
      return { threadId, from: cursor + 1, to: around.to, reason: 'forgotten' }
    }
    return { threadId, from: cursor + 1, to: prunedTo, reason: prunedTo === this.threads.idBase ? 'lost' : 'pruned' }
  }

  /** At most `limit` events behind the cursor, oldest first. */
  page(threadId: string, cursor: number, limit: number): EventText[] {
    const rows = this.read.all(this.threads.counters(threadId).key, cursor, limit)
    return rows.map(({ id, body }) => ({ id, json: eventJson(id, threadId, body) }))
  }

  /** About `maxBytes` of the events behind the cursor, as lines. A `count` of 0 means that the cursor is at the head. */
  lines(threadId: string, cursor: number, maxBytes: number, form: LineForm): PreparedEvents {
    const { key } = this.threads.counters(threadId)
    const rows = this.rowsWithin(key, cursor, maxBytes)
    const found = this.readLines.get({ ...linePieces(threadId, form), key, cursor, rows })
    if (!found?.bytes || found.last === null) return { bytes: Buffer.alloc(0), last: cursor, count: 0 }
    return { bytes: found.bytes, last: found.last, count: found.count }
  }

  /** How many rows behind the cursor are about so many bytes; at least one, however large it is. */
  private rowsWithin(key: number, cursor: number, maxBytes: number): number {
    let rows = rowsPerRead
    for (;;) {
      const bytes = this.sizeOfRows.get(key, cursor, rows) ?? 0
      if (rows === 1 || bytes <= maxBytes * 1.5) return rows
      rows = Math.max(1, Math.floor((rows * maxBytes) / bytes))
    }
  }

  /** Ids of the turn's items whose `item/completed` is recorded; `firstId` is the turn's first event. */
  completedItems(threadId: string, turnId: string, firstId: number): Set<string> {
    const sql = `SELECT json_extract(text, '$.params.item.id') FROM (
        SELECT '{' || body || '}' AS text FROM events WHERE thread = ? AND id >= ? AND delta_of IS NULL
      ) WHERE json_extract(text, '$.method') = 'item/completed' AND json_extract(text, '$.turnId') = ?`
    const { key } = this.threads.counters(threadId)
    return new Set(this.db.prepare<[number, number, string], string>(sql).pluck().all(key, firstId, turnId))
  }

  /** Whether the thread was taken back to an earlier turn behind this event. */
  isReverted(threadId: string, id: number): boolean {
    const sql = `SELECT 1 FROM (
        SELECT '{' || body || '}' AS text FROM events WHERE thread = ? AND id > ? AND delta_of IS NULL
      ) WHERE json_extract(text, '$.method') = 'thread/reverted' LIMIT 1`
    return this.db.prepare<[number, number]>(sql).get(this.threads.counters(threadId).key, id) !== undefined
  }

  /** Items that have begun since the turn's first event and are not complete; `missed` when the newest event about one is a `share/missed`. */
  openItems(threadId: string, firstId: number): { readonly itemId: string; readonly missed: boolean }[] {
    const sql = `WITH since AS (
        SELECT id, delta_of, iif(delta_of IS NULL, '{' || body || '}', NULL) AS text FROM events WHERE thread = ? AND id >= ?
      ), news AS (
        SELECT id, delta_of AS item, 'grown' AS what FROM since WHERE delta_of IS NOT NULL
        UNION ALL SELECT id, json_extract(text, '$.params.item.id'), json_extract(text, '$.method') FROM since
          WHERE json_extract(text, '$.method') IN ('item/started', 'item/completed')
        UNION ALL SELECT since.id, missed.value, 'missed' FROM since, json_each(text, '$.params.itemIds') AS missed
          WHERE json_extract(text, '$.method') = 'share/missed'
      )
      SELECT item AS itemId, what, max(id) AS newest FROM news GROUP BY item
      HAVING sum(what = 'item/completed') = 0 ORDER BY newest`
    const { key } = this.threads.counters(threadId)
    const rows = this.db.prepare<[number, number], { itemId: string; what: string }>(sql).all(key, firstId)
    return rows.map(({ itemId, what }) => ({ itemId, missed: what === 'missed' }))
  }

  /** An item as of the newest event about it, looked for among the thread's latest; null when it is not there. */
  item(threadId: string, itemId: string): Record<string, unknown> | null {
    const sql = `SELECT json_extract(text, '$.params.item') FROM (
        SELECT '{' || body || '}' AS text FROM events WHERE thread = ? AND delta_of IS NULL ORDER BY id DESC LIMIT 1000
      ) WHERE json_extract(text, '$.params.item.id') = ? LIMIT 1`
    const { key } = this.threads.counters(threadId)
    const text = this.db.prepare<[number, string], string>(sql).pluck().get(key, itemId)
    // Written by this class from a notification in which it was an object.
    return text === undefined ? null : (JSON.parse(text) as Record<string, unknown>)
  }

  /** The cursor before the newest `count` events among those with ids below `below`. */
  cursorBeforeNewest(threadId: string, count: number, below = Number.MAX_SAFE_INTEGER): number {
    const { key, prunedTo } = this.threads.counters(threadId)
    const sql = 'SELECT id FROM events WHERE thread = ? AND id < ? ORDER BY id DESC LIMIT 1 OFFSET ?'
    return this.db.prepare<[number, number, number], number>(sql).pluck().get(key, below, count) ?? prunedTo
  }

  /** The cursor from which reading begins at an id (where it was forgotten, at the event that says so), or at the first event of a time or later. */
  cursorBefore(threadId: string, point: StartingPoint): number {
    const { key } = this.threads.counters(threadId)
    if ('id' in point) return (this.forgottenAround(key, point.id)?.from ?? point.id) - 1
    return cursorBeforeTime(this.db, key, point.atMs, this.head(threadId))
  }
}
