/** Prompts that wait until their thread is free, in order. */
import type { Database } from 'better-sqlite3'
import type { Author } from '../protocol/events.ts'

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

const columns = 'id, client_id AS clientId, request_id AS requestId, input, metadata, by, at_ms AS atMs'

export class QueueStore {
  private readonly db: Database

  constructor(db: Database) {
    this.db = db
  }

  /** Behind all others of the thread; one that is there already stays as it is. */
  add(threadId: string, { id, clientId, requestId, input, metadata, by, atMs }: QueuedRow): void {
    const next = 'SELECT coalesce(max(position), 0) + 1 FROM queued WHERE thread_id = ?'
    this.db
      .prepare(
        `INSERT INTO queued (thread_id, position, id, client_id, request_id, input, metadata, by, at_ms)
         VALUES (?, (${next}), ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      )
      .run(...[threadId, threadId, id, clientId, requestId, JSON.stringify(input)], json(metadata), json(by), atMs)
  }

  /** In the order in which they are to be submitted. */
  list(threadId: string): QueuedRow[] {
    const sql = `SELECT ${columns} FROM queued WHERE thread_id = ? ORDER BY position`
    return this.db
      .prepare<[string], StoredRow>(sql)
      .all(threadId)
      .map((row) => ({
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
