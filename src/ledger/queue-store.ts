/** Prompts that wait until their thread is free, in order. */
import type { Database, Statement } from 'better-sqlite3'
import type { Author } from '../protocol/events.ts'
import { type ColumnsOf, insertInto, selectList, type ValuesOf } from './sql/columns.ts'

export interface QueuedRow {
  readonly id: string
  /** The client's own id for it, which need not be the only one of its kind. */
  readonly clientId: string
  /** The id under which it is submitted. */
  readonly requestId: string
  /** Codex's `UserInput[]`. */
  readonly input: readonly unknown[]
  readonly metadata: unknown
  /** Null where it was forgotten. */
  readonly by: Author | null
  readonly atMs: number
}

/** What an edit changes. */
export type QueuedEdit = Pick<QueuedRow, 'input' | 'metadata' | 'by'>

interface StoredRow extends Pick<QueuedRow, 'id' | 'clientId' | 'requestId' | 'atMs'> {
  readonly input: string
  readonly metadata: string
  readonly by: string
}

const columns = {
  id: 'id',
  clientId: 'client_id',
  requestId: 'request_id',
  input: 'input',
  metadata: 'metadata',
  by: 'by',
  atMs: 'at_ms',
} satisfies ColumnsOf<QueuedRow>
const addLast = insertInto(
  'queued',
  { threadId: 'thread_id', ...columns },
  { position: '(SELECT coalesce(max(position), 0) + 1 FROM queued WHERE thread_id = @threadId)' },
)

export class QueueStore {
  private readonly db: Database
  private readonly inOrder: Statement<[string], StoredRow>

  constructor(db: Database) {
    this.db = db
    this.inOrder = db.prepare(`SELECT ${selectList(columns)} FROM queued WHERE thread_id = ? ORDER BY position`)
  }

  /** Behind all others of the thread; one that is there already stays as it is. */
  add(threadId: string, row: QueuedRow): void {
    const stored = { ...row, input: JSON.stringify(row.input), metadata: json(row.metadata), by: json(row.by) }
    this.db
      .prepare<[ValuesOf<typeof columns> & { readonly threadId: string }]>(`${addLast} ON CONFLICT DO NOTHING`)
      .run({ ...stored, threadId })
  }

  /** In the order in which they are to be submitted. */
  list(threadId: string): QueuedRow[] {
    return this.inOrder.all(threadId).map((row) => ({
      ...row,
      input: JSON.parse(row.input) as unknown[],
      metadata: JSON.parse(row.metadata) as unknown,
      // Authors are written by this class alone, so what is read has their shape.
      by: JSON.parse(row.by) as Author | null,
    }))
  }

  /** The threads in which something waits. */
  threads(): string[] {
    return this.db.prepare<[], string>('SELECT DISTINCT thread_id FROM queued').pluck().all()
  }

  update(threadId: string, id: string, { input, metadata, by }: QueuedEdit): void {
    this.db
      .prepare('UPDATE queued SET input = ?, metadata = ?, by = ? WHERE thread_id = ? AND id = ?')
      .run(JSON.stringify(input), json(metadata), json(by), threadId, id)
  }

  /** Gives a request id that is not in use to one whose own was used for something else. */
  renameRequest(threadId: string, id: string): void {
    this.db.prepare('UPDATE queued SET request_id = id WHERE thread_id = ? AND id = ?').run(threadId, id)
  }

  /** The first of these ids first. */
  reorder(threadId: string, ids: readonly string[]): void {
    const move = this.db.prepare('UPDATE queued SET position = ? WHERE thread_id = ? AND id = ?')
    this.db.transaction(() => {
      for (const [index, id] of ids.entries()) move.run(index + 1, threadId, id)
    })()
  }

  remove(threadId: string, id: string): void {
    this.db.prepare('DELETE FROM queued WHERE thread_id = ? AND id = ?').run(threadId, id)
  }

  /** @returns how many there were */
  clear(threadId: string): number {
    return this.db.prepare('DELETE FROM queued WHERE thread_id = ?').run(threadId).changes
  }
}

function json(value: unknown): string {
  return JSON.stringify(value ?? null)
}
