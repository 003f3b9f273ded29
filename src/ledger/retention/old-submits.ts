/** Lets go of old turns and of the ids of old submits, a few rows at a time. */
import type { Database, Statement } from 'better-sqlite3'
import { readMeta, writeMeta } from '../meta.ts'

const rowsPerStep = 64
/** Submits that a pass looks at. They are in no order of time: a pass begins where the one before has stopped, and goes round. */
const rowsPerPass = 4096

interface RequestPlace {
  readonly thread: number
  readonly requestId: string
}

const beginning: RequestPlace = { thread: 0, requestId: '' }

export class OldSubmits {
  private readonly db: Database
  private readonly turns: Statement<[object], { turnId: string; startedMs: number; status: string }>
  private readonly dropTurn: Statement<[number, string]>
  private readonly requests: Statement<[RequestPlace], RequestPlace & { readonly atMs: number }>
  private readonly dropRequest: Statement<[RequestPlace]>

  constructor(db: Database) {
    this.db = db
    this.turns = db.prepare(
      `SELECT turn_id AS turnId, started_ms AS startedMs, status FROM turns
       WHERE thread = @key AND turn_id > @after AND turn_id < (SELECT max(turn_id) FROM turns WHERE thread = @key)
       ORDER BY turn_id LIMIT ${rowsPerStep}`,
    )
    this.dropTurn = db.prepare('DELETE FROM turns WHERE thread = ? AND turn_id = ?')
    this.requests = db.prepare(
      `SELECT thread, request_id AS requestId, at_ms AS atMs FROM requests
       WHERE (thread, request_id) > (@thread, @requestId) ORDER BY thread, request_id LIMIT ${rowsPerStep}`,
    )
    this.dropRequest = db.prepare('DELETE FROM requests WHERE thread = @thread AND request_id = @requestId')
  }

  /**
   * Yields after each step, always 0. The oldest come first, by their ids, which begin with their time. The newest of a thread stays: by
   * it Codex's history is known to be recorded already, and is not imported once more.
   */
  *dropTurns(key: number, cutoffMs: number): Generator<number, void> {
    for (let [after, isLast] = ['', false]; !isLast; ) {
      const rows = this.turns.all({ key, after })
      const kept = rows.findIndex(({ startedMs }) => startedMs >= cutoffMs)
      const old = kept < 0 ? rows : rows.slice(0, kept)
      // One that has no end may run.
      const ended = old.filter(({ status }) => status !== 'inProgress')
      if (ended.length > 0)
        this.db.transaction(() => {
          for (const { turnId } of ended) this.dropTurn.run(key, turnId)
        })()
      after = old.at(-1)?.turnId ?? after
      isLast = kept >= 0 || rows.length < rowsPerStep
      yield 0
    }
  }

  /** Yields after each step, always 0. */
  *dropRequests(cutoffMs: number): Generator<number, void> {
    let place = placeOf(readMeta(this.db, 'submitsLooked'))
    for (let looked = 0; looked < rowsPerPass; looked += rowsPerStep) {
      const rows = this.requests.all(place)
      const old = rows.filter(({ atMs }) => atMs < cutoffMs)
      if (old.length > 0)
        this.db.transaction(() => {
          for (const { thread, requestId } of old) this.dropRequest.run({ thread, requestId })
        })()
      const isEnd = rows.length < rowsPerStep
      place = isEnd ? beginning : (rows.at(-1) ?? beginning)
      yield 0
      if (isEnd) break
    }
    writeMeta(this.db, 'submitsLooked', `${place.thread} ${place.requestId}`)
  }
}

function placeOf(text: string | undefined): RequestPlace {
  const [, thread, requestId = ''] = /^(\d+) (.*)$/s.exec(text ?? '') ?? []
  return { thread: Number(thread ?? 0), requestId }
}
