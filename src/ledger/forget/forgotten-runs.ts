/** Puts the events that are to be forgotten together to runs: of one turn each, with no other event between them. */
import type { Database } from 'better-sqlite3'
import * as v from 'valibot'
import type { IdRange } from '../../protocol/own-events.ts'

export interface ForgottenRun extends IdRange {
  readonly atMs: number
  readonly turnId: string | null
  /** Those that were forgotten there before count as well. */
  readonly events: number
  /** How the turn ended, when its end is among them. */
  readonly status: string | undefined
}

/** What has another form is somebody else's, and says nothing here. */
const word = v.fallback(v.nullable(v.string()), null)
const factsSchema = v.tuple([word, word, v.fallback(v.nullable(v.number()), null)])

/** @param ids of one thread's events, upwards */
export function runsOf(db: Database, key: number, ids: readonly number[]): ForgottenRun[] {
  const read = db.prepare<[number, number], { atMs: number; facts: string }>(
    `SELECT at_ms AS atMs, json_extract('{' || body || '}', '$.turnId', '$.params.turn.status', '$.params.events') AS facts
     FROM events WHERE thread = ? AND id = ?`,
  )
  const between = db.prepare<[number, number, number]>(
    'SELECT 1 FROM events WHERE thread = ? AND id > ? AND id < ? LIMIT 1',
  )
  const runs: ForgottenRun[] = []
  for (const id of ids) {
    const row = read.get(key, id)
    if (!row) continue
    const [turnId, status, events] = v.parse(factsSchema, JSON.parse(row.facts))
    const ended = status !== null && status !== 'inProgress' ? status : undefined
    const last = runs.at(-1)
    if (last && last.turnId === turnId && !between.get(key, last.to, id))
      runs[runs.length - 1] = { ...last, to: id, events: last.events + (events ?? 1), status: ended ?? last.status }
    else runs.push({ from: id, to: id, atMs: row.atMs, turnId, events: events ?? 1, status: ended })
  }
  return runs
}

/** Ids of the turns that events of the runs were of. */
export function turnsOf(runs: readonly ForgottenRun[]): Set<string> {
  return new Set(runs.flatMap(({ turnId }) => (turnId === null ? [] : [turnId])))
}
