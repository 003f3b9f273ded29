/** The shared threads: their rows, and in memory what appending needs to know of each. */
import type { Database, Statement } from 'better-sqlite3'
import type { ThreadFolder } from '../platform/places/thread-folders.ts'

export interface ThreadRow {
  readonly threadId: string
  readonly name: string | null
  readonly cwd: string | null
  readonly preview: string | null
  readonly openedMs: number
  readonly updatedMs: number
  readonly closedMs: number | null
  /** 1 where Codex has put it away, else 0. */
  readonly archived: number
}

/** Name, folder and first prompt of a thread; null leaves what is known. */
export interface ThreadFacts {
  readonly name: string | null
  readonly cwd: string | null
  readonly preview: string | null
}

/** A thread's place in the tables, and the counters that every append reads and moves. */
export interface ThreadCounters {
  readonly threadId: string
  readonly key: number
  /** The id that the next event gets. */
  nextId: number
  /** What the thread's row says in its place: never less, so that no id is given twice whenever we end. */
  savedId: number
  /** Events up to this id are gone. */
  prunedTo: number
  /** How many of its events are in the ledger, but for deltas: those go again. */
  events: number
  /** Items of running turns that have deltas in the ledger, each with the id of the first. */
  readonly growing: Map<string, number>
}

/** A name or a first prompt that was forgotten is stored empty: those that Codex still has do not take its place. */
const columns = `thread_id AS threadId, nullif(name, '') AS name, cwd, nullif(preview, '') AS preview, opened_ms AS openedMs, updated_ms AS updatedMs, closed_ms AS closedMs, archived`

export class ThreadStore {
  private readonly db: Database
  /** Ids up to this one belong to a ledger that was lost; 0 when none was. */
  readonly idBase: number
  private readonly openCount: Statement<[], number>
  private readonly known = new Map<string, ThreadCounters>()

  constructor(db: Database, idBase: number) {
    this.db = db
    this.idBase = idBase
    this.openCount = db.prepare<[], number>('SELECT count(*) FROM threads WHERE closed_ms IS NULL').pluck()
    const rows = db.prepare<[], Omit<ThreadCounters, 'growing' | 'savedId'>>(
      'SELECT key, thread_id AS threadId, next_id AS nextId, pruned_to AS prunedTo, events FROM threads',
    )
    const byKey = new Map<number, ThreadCounters>()
    for (const row of rows.all()) byKey.set(row.key, { ...row, savedId: row.nextId, growing: new Map() })
    const deltas = db.prepare<[], { thread: number; item: string; first: number }>(
      `SELECT events.thread, delta_of AS item, min(id) AS first
       FROM turns JOIN events ON events.thread = turns.thread AND id >= first_id
       WHERE status = 'inProgress' AND delta_of IS NOT NULL GROUP BY events.thread, delta_of`,
    )
    for (const { thread, item, first } of deltas.all()) byKey.get(thread)?.growing.set(item, first)
    for (const counters of byKey.values()) this.known.set(counters.threadId, counters)
  }

  /** Adds a thread, or brings its facts up to date and reopens it. */
  open(threadId: string, facts: ThreadFacts): void {
    const { lastInsertRowid } = this.db
      .prepare(
        `INSERT INTO threads (thread_id, name, cwd, preview, opened_ms, updated_ms, next_id, pruned_to)
         VALUES (@threadId, @name, @cwd, @preview, @now, @now, @idBase + 1, @idBase)
         ON CONFLICT (thread_id) DO UPDATE SET closed_ms = NULL, archived = 0, cwd = coalesce(excluded.cwd, cwd),
           name = CASE name WHEN '' THEN '' ELSE coalesce(excluded.name, name) END,
           preview = CASE preview WHEN '' THEN '' ELSE coalesce(excluded.preview, preview) END`,
      )
      .run({ ...facts, threadId, idBase: this.idBase, now: Date.now() })
    if (this.known.has(threadId)) return
    const nextId = this.idBase + 1
    const counters = { nextId, savedId: nextId, prunedTo: this.idBase, events: 0, growing: new Map() }
    this.known.set(threadId, { threadId, key: Number(lastInsertRowid), ...counters })
  }

  describe(threadId: string, { name, preview }: Pick<ThreadFacts, 'name' | 'preview'>): void {
    const sql = 'UPDATE threads SET name = coalesce(?, name), preview = coalesce(preview, ?) WHERE thread_id = ?'
    this.db.prepare(sql).run(name, preview, threadId)
  }

  setArchived(threadId: string, isArchived: boolean): void {
    this.db.prepare('UPDATE threads SET archived = ? WHERE thread_id = ?').run(Number(isArchived), threadId)
  }

  close(threadId: string): void {
    this.db.prepare('UPDATE threads SET closed_ms = ? WHERE thread_id = ?').run(Date.now(), threadId)
  }

  get(threadId: string): ThreadRow | undefined {
    return this.db.prepare<[string], ThreadRow>(`SELECT ${columns} FROM threads WHERE thread_id = ?`).get(threadId)
  }

  /** Threads that are open for sharing, the last used first. */
  listOpen(): ThreadRow[] {
    return this.list('closed_ms IS NULL')
  }

  /** Threads whose sharing was stopped, the last used first. */
  listStopped(): ThreadRow[] {
    return this.list('closed_ms IS NOT NULL')
  }

  private list(condition: string): ThreadRow[] {
    const sql = `SELECT ${columns} FROM threads WHERE ${condition} ORDER BY updated_ms DESC, key DESC`
    return this.db.prepare<[], ThreadRow>(sql).all()
  }

  /** The folders that threads work in, open or closed, each with the thread that was used there last. */
  folders(): ThreadFolder[] {
    const sql =
      'SELECT thread_id AS threadId, cwd AS folder, max(updated_ms) FROM threads WHERE cwd IS NOT NULL GROUP BY cwd'
    return this.db.prepare<[], ThreadFolder>(sql).all()
  }

  /** The thread that was left alone longest among those that have events. */
  leastRecent(): ThreadCounters | undefined {
    const sql = `SELECT thread_id FROM threads WHERE EXISTS (SELECT 1 FROM events WHERE thread = key) ORDER BY updated_ms LIMIT 1`
    const threadId = this.db.prepare<[], string>(sql).pluck().get()
    return threadId === undefined ? undefined : this.known.get(threadId)
  }

  countOpen(): number {
    return this.openCount.get() ?? 0
  }

  /** Events of all threads together, but for deltas. */
  countEvents(): number {
    let count = 0
    for (const { events } of this.known.values()) count += events
    return count
  }

  /** Gives back the ids that rows are ahead: nothing more is appended. */
  saveHeads(): void {
    const save = this.db.prepare('UPDATE threads SET next_id = ? WHERE key = ?')
    for (const thread of this.known.values()) if (thread.savedId !== thread.nextId) save.run(thread.nextId, thread.key)
  }

  has(threadId: string): boolean {
    return this.known.has(threadId)
  }

  counters(threadId: string): ThreadCounters {
    const found = this.known.get(threadId)
    if (!found) throw new Error(`the ledger has no thread ${threadId}`)
    return found
  }

  all(): Iterable<ThreadCounters> {
    return this.known.values()
  }
}
