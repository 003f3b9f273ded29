/** Turns and request ids: what admission must still know after a restart. */
import type { Database, Statement } from 'better-sqlite3'
import type { Author } from '../protocol/events.ts'
import { objectIn, objectOf, textIn } from '../protocol/json/read-json.ts'
import { effectKindOf } from '../protocol/notifications.ts'
import type { NewEvent } from './event-text.ts'
import { type ColumnsOf, insertInto, selectList, type ValuesOf } from './sql/columns.ts'
import type { ThreadStore } from './thread-store.ts'

export interface TurnRow {
  readonly turnId: string
  /** Id of the turn's first event. */
  readonly firstId: number
  readonly startedMs: number
  readonly status: string
  readonly by: Author | null
}

/** A submit that carries a request id. `turnId` is null until Codex has named the turn. */
export interface RequestRow {
  readonly requestId: string
  /** Digest of what was submitted: the same id with other content is a conflict. Empty where it is known from Codex's history alone. */
  readonly content: string
  readonly turnId: string | null
  readonly by: Author | null
  readonly atMs: number
}

/** A submit that is about to be sent. */
export interface NewRequest extends Pick<RequestRow, 'requestId' | 'content'>, Pick<SubmittedInput, 'input'> {
  readonly by: Author
}

/** A prompt that Codex took and has not passed on yet. */
export interface SubmittedInput {
  readonly requestId: string
  /** As it was submitted: Codex's `UserInput[]`. Null for a turn that was begun without a prompt. */
  readonly input: unknown
  readonly by: Author | null
}

const turnColumns = {
  turnId: 'turn_id',
  firstId: 'first_id',
  startedMs: 'started_ms',
  status: 'status',
  by: 'by',
} satisfies ColumnsOf<TurnRow>
const turnList = selectList(turnColumns)
const storedTurn = { thread: 'thread', ...turnColumns }

const requestColumns = {
  requestId: 'request_id',
  content: 'content',
  turnId: 'turn_id',
  by: 'by',
  atMs: 'at_ms',
} satisfies ColumnsOf<RequestRow>
const requestList = selectList(requestColumns)
const storedRequest = { thread: 'thread', ...requestColumns, input: 'input' }

export class TurnStore {
  private readonly db: Database
  private readonly threads: ThreadStore
  private readonly started: Statement<[ValuesOf<typeof storedTurn>]>
  private readonly completed: Statement
  private readonly submitted: Statement<[ValuesOf<typeof storedRequest>]>
  private readonly fulfilled: Statement<[ValuesOf<typeof storedRequest>]>
  private readonly inputRecorded: Statement
  private readonly begunEnded: Statement
  private readonly running: Statement<[number], StoredTurn>

  constructor(db: Database, threads: ThreadStore) {
    this.db = db
    this.threads = threads
    this.started = db.prepare(`${insertInto('turns', storedTurn)} ON CONFLICT DO NOTHING`)
    // Left to itself SQLite reads all turns of the thread, and the daemon asks for every thread when it starts.
    this.running = db.prepare(
      `SELECT ${turnList} FROM turns INDEXED BY open_turns
       WHERE thread = ? AND status = 'inProgress' ORDER BY first_id DESC LIMIT 1`,
    )
    this.completed = db.prepare('UPDATE turns SET status = ? WHERE thread = ? AND turn_id = ?')
    this.submitted = db.prepare(insertInto('requests', storedRequest))
    this.fulfilled = db.prepare(
      `${insertInto('requests', storedRequest)} ON CONFLICT DO UPDATE SET turn_id = excluded.turn_id`,
    )
    this.begunEnded = db.prepare(
      `UPDATE requests INDEXED BY unrecorded_prompts SET input = NULL
       WHERE thread = ? AND input IS NOT NULL AND input = 'null' AND turn_id = ?`,
    )
    this.inputRecorded = db.prepare('UPDATE requests SET input = NULL WHERE thread = ? AND request_id = ?')
  }

  /** Keeps the turns in step with the events; called in the transaction that appends the event. */
  note(event: NewEvent, key: number, id: number): void {
    if (event.turnId === null) return
    if (event.requestId) this.noteRequest(event.requestId, event.turnId, key, event)
    const effectKind = effectKindOf(event.method)
    if (effectKind === 'turnStarted') {
      const { turnId, atMs } = event
      const by = event.by && JSON.stringify(event.by)
      this.started.run({ thread: key, turnId, firstId: id, startedMs: atMs, status: 'inProgress', by })
    } else if (effectKind === 'turnEnded') {
      const status = turnStatus(event.params)
      // In a form that is not known here: how it ended shows where the turn is stored.
      if (status === null) return
      this.completed.run(status, key, event.turnId)
      this.begunEnded.run(key, event.turnId)
    }
  }

  /** A submit has become a prompt of this turn: its id must not make another. */
  private noteRequest(requestId: string, turnId: string, key: number, { method, atMs }: NewEvent): void {
    this.fulfilled.run({ ...bareRequest, thread: key, requestId, turnId, atMs })
    if (effectKindOf(method) === 'itemCompleted') this.inputRecorded.run(key, requestId)
  }

  get(threadId: string, turnId: string): TurnRow | undefined {
    const sql = `SELECT ${turnList} FROM turns WHERE thread = ? AND turn_id = ?`
    return asTurn(this.db.prepare<[number, string], StoredTurn>(sql).get(this.key(threadId), turnId))
  }

  /** The turn that the ledger believes to run. */
  open(threadId: string): TurnRow | undefined {
    return asTurn(this.running.get(this.key(threadId)))
  }

  /** The thread's newest turn, by its id, which begins with its time. */
  newest(threadId: string): TurnRow | undefined {
    const sql = `SELECT ${turnList} FROM turns WHERE thread = ? ORDER BY turn_id DESC LIMIT 1`
    return asTurn(this.db.prepare<[number], StoredTurn>(sql).get(this.key(threadId)))
  }

  /** The newest that came to a good end. */
  lastCompleted(threadId: string): TurnRow | undefined {
    const sql = `SELECT ${turnList} FROM turns WHERE thread = ? AND status = 'completed' ORDER BY turn_id DESC LIMIT 1`
    return asTurn(this.db.prepare<[number], StoredTurn>(sql).get(this.key(threadId)))
  }

  /** Threads with a turn that the ledger believes to run, or with prompts that are not in it as events: few, and found without asking each. */
  threadsUnderway(): ReadonlySet<string> {
    const sql = `SELECT thread_id FROM turns INDEXED BY open_turns CROSS JOIN threads ON key = thread WHERE status = 'inProgress'
      UNION SELECT thread_id FROM requests INDEXED BY unrecorded_prompts CROSS JOIN threads ON key = thread WHERE input IS NOT NULL`
    return new Set(this.db.prepare<[], string>(sql).pluck().all())
  }

  request(threadId: string, requestId: string): RequestRow | undefined {
    const sql = `SELECT ${requestList} FROM requests WHERE thread = ? AND request_id = ?`
    const row = this.db.prepare<[number, string], Omit<RequestRow, 'by'> & { by: string | null }>(sql)
    const found = row.get(this.key(threadId), requestId)
    return found && { ...found, by: readAuthor(found.by) }
  }

  /** Remembers a submit before it is sent, so that no crash can make it happen twice. */
  remember(threadId: string, { requestId, content, input, by }: NewRequest): void {
    const stored = { requestId, content, turnId: null, by: JSON.stringify(by), input: JSON.stringify(input) }
    this.submitted.run({ ...stored, thread: this.key(threadId), atMs: Date.now() })
  }

  /** Remembers a turn that Codex has begun without a prompt, until it ends: whose it is, and that it is not to be lost. */
  rememberBegun(threadId: string, turnId: string, { requestId, by }: Pick<NewRequest, 'requestId' | 'by'>): void {
    this.remember(threadId, { requestId, content: '', input: null, by })
    this.fulfil(threadId, requestId, turnId)
  }

  /** Notes the turn that a submit became, also one that the ledger has lost or that went past us. */
  fulfil(threadId: string, requestId: string, turnId: string): void {
    this.fulfilled.run({ ...bareRequest, thread: this.key(threadId), requestId, turnId, atMs: Date.now() })
  }

  /** Prompts of the turn that are not in the ledger as events. */
  unrecorded(threadId: string, turnId: string): SubmittedInput[] {
    const sql = `SELECT request_id AS requestId, input, by FROM requests INDEXED BY unrecorded_prompts
      WHERE thread = ? AND input IS NOT NULL AND input != 'null' AND turn_id = ? ORDER BY at_ms`
    const rows = this.db.prepare<[number, string], { requestId: string; input: string; by: string | null }>(sql)
    return rows
      .all(this.key(threadId), turnId)
      .map(({ requestId, input, by }) => ({ requestId, input: JSON.parse(input), by: readAuthor(by) }))
  }

  /** Turns that took prompts which are not in the ledger as events, or were begun without one and have no end. */
  withUnrecorded(threadId: string): string[] {
    const sql = `SELECT DISTINCT turn_id FROM requests INDEXED BY unrecorded_prompts
      WHERE thread = ? AND input IS NOT NULL AND turn_id IS NOT NULL`
    return this.db.prepare<[number], string>(sql).pluck().all(this.key(threadId))
  }

  /** The turn that Codex took last, when no event of it is recorded: it may run. */
  unstarted(threadId: string): Pick<TurnRow, 'turnId' | 'startedMs' | 'by'> | undefined {
    const sql = `SELECT turn_id AS turnId, at_ms AS startedMs, by FROM requests INDEXED BY unrecorded_prompts
      WHERE thread = ? AND input IS NOT NULL AND turn_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM turns WHERE turns.thread = requests.thread AND turns.turn_id = requests.turn_id)
      ORDER BY at_ms DESC LIMIT 1`
    const row = this.db.prepare<[number], Omit<StoredTurn, 'firstId' | 'status'>>(sql).get(this.key(threadId))
    return row && { ...row, by: readAuthor(row.by) }
  }

  /** Forgets a submit that Codex refused, so that it may be tried again. */
  forget(threadId: string, requestId: string): void {
    this.db.prepare('DELETE FROM requests WHERE thread = ? AND request_id = ?').run(this.key(threadId), requestId)
  }

  private key(threadId: string): number {
    return this.threads.counters(threadId).key
  }
}

/** What is left of a submit of which only the turn is known. */
const bareRequest = { content: '', by: null, input: null }

type StoredTurn = Omit<TurnRow, 'by'> & { readonly by: string | null }

function asTurn(row: StoredTurn | undefined): TurnRow | undefined {
  return row && { ...row, by: readAuthor(row.by) }
}

/** Authors are written by this class alone, so what is read has their shape. */
function readAuthor(text: string | null): Author | null {
  return text === null ? null : (JSON.parse(text) as Author)
}

function turnStatus(params: unknown): string | null {
  return textIn(objectIn(objectOf(params), 'turn'), 'status')
}
