/** The shared threads: their rows, and in memory what appending needs to know of each. */
import type { Database, Statement } from 'better-sqlite3'
import type { ThreadFolder } from '../platform/places/thread-folders.ts'
import { type ColumnsOf, insertInto, selectList } from './sql/columns.ts'
import type { ThreadCounters } from './thread-counters.ts'

/** What the daemon knows of a shared thread. */
export interface ThreadRow extends ThreadFacts {
  readonly threadId: string
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

/**
 * The facts' columns, named like the members, and whether they can be forgotten: then they are stored empty, and what Codex still has
 * does not take their place. A further fact is a row here, a member above and a migration.
 */
const facts = {
  name: { forgettable: true },
  cwd: { forgettable: false },
  preview: { forgettable: true },
} satisfies Record<keyof ThreadFacts, { readonly forgettable: boolean }>

const unknownFacts = Object.fromEntries(Object.keys(facts).map((fact) => [fact, null]))

const readFact = ([fact, { forgettable }]: FactEntry) => [fact, forgettable ? `nullif(${fact}, '')` : fact]
const updateFact = ([fact, { forgettable }]: FactEntry) => {
  const known = `coalesce(excluded.${fact}, ${fact})`
  return `${fact} = ${forgettable ? `CASE ${fact} WHEN '' THEN '' ELSE ${known} END` : known}`
}
type FactEntry = readonly [string, { readonly forgettable: boolean }]

const ownColumns: ColumnsOf<Omit<ThreadRow, keyof ThreadFacts>> = {
  threadId: 'thread_id',
  openedMs: 'opened_ms',
  updatedMs: 'updated_ms',
  closedMs: 'closed_ms',
  archived: 'archived',
}
const columns = selectList({ ...ownColumns, ...Object.fromEntries(Object.entries(facts).map(readFact)) })
const factColumns = Object.fromEntries(Object.keys(facts).map((fact) => [fact, fact]))
const insertThread = `${insertInto(
  'threads',
  { threadId: 'thread_id', ...factColumns },
  { opened_ms: '@now', updated_ms: '@now', next_id: '@idBase + 1', pruned_to: '@idBase' },
)} ON CONFLICT (thread_id) DO UPDATE SET closed_ms = NULL, archived = 0, ${Object.entries(facts).map(updateFact).join(', ')}`

export class ThreadStore {
  private readonly db: Database
  /** Ids up to this one belong to a ledger that was lost; 0 when none was. */
  readonly idBase: number
  private readonly openCount: Statement<[], number>
  private readonly row: Statement<[string], ThreadRow>
  private readonly known = new Map<string, ThreadCounters>()

  constructor(db: Database, idBase: number) {
    this.db = db
    this.idBase = idBase
    this.openCount = db.prepare<[], number>('SELECT count(*) FROM threads WHERE closed_ms IS NULL').pluck()
    // Made once: it is asked for at every turn, and making it takes longer than asking.
    this.row = db.prepare(`SELECT ${columns} FROM threads WHERE thread_id = ?`)
    const rows = db.prepare<[], Omit<ThreadCounters, 'growing' | 'savedId'>>(
      'SELECT key, thread_id AS threadId, next_id AS nextId, pruned_to AS prunedTo, events FROM threads',
    )
    const growing = new Map<number, Map<string, number>>()
    const deltas = db.prepare<[], { thread: number; item: string; first: number }>(
      `SELECT events.thread, delta_of AS item, min(id) AS first
       FROM turns JOIN events ON events.thread = turns.thread AND id >= first_id
       WHERE status = 'inProgress' AND delta_of IS NOT NULL GROUP BY events.thread, delta_of`,
    )
    for (const { thread, item, first } of deltas.all())
      growing.set(thread, (growing.get(thread) ?? new Map()).set(item, first))
    for (const row of rows.all())
      this.replace({ ...row, savedId: row.nextId, growing: growing.get(row.key) ?? new Map() })
  }

  /** Adds a thread, or brings its facts up to date and reopens it. A fact that is not given is not known. */
  open(threadId: string, given: Partial<ThreadFacts> = {}): void {
    const { lastInsertRowid } = this.db
      .prepare(insertThread)
      .run({ ...unknownFacts, ...given, threadId, idBase: this.idBase, now: Date.now() })
    if (this.known.has(threadId)) return
    const nextId = this.idBase + 1
    const counters = { nextId, savedId: nextId, prunedTo: this.idBase, events: 0, growing: new Map() }
    this.replace({ threadId, key: Number(lastInsertRowid), ...counters })
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
    return this.row.get(threadId)
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

  /** All, the one that was left alone longest first. */
  leastRecentFirst(): string[] {
    return this.db.prepare<[], string>('SELECT thread_id FROM threads ORDER BY updated_ms, key').pluck().all()
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
    for (const { savedId, nextId, key } of this.known.values()) if (savedId !== nextId) save.run(nextId, key)
  }

  has(threadId: string): boolean {
    return this.known.has(threadId)
  }

  counters(threadId: string): ThreadCounters {
    const found = this.known.get(threadId)
    if (!found) throw new Error(`the ledger has no thread ${threadId}`)
    return found
  }

  /** Puts a thread's next counters in the place of the ones before, once what they count is written. */
  replace(counters: ThreadCounters): void {
    this.known.set(counters.threadId, counters)
  }

  all(): Iterable<ThreadCounters> {
    return this.known.values()
  }
}
