/** Finds out whether an id lies where events were forgotten. */
import type { Database } from 'better-sqlite3'
import * as v from 'valibot'
import { forgottenMethod, type IdRange, idRangeSchema } from '../../protocol/own-events.ts'

/** A note that was added for those who follow names other places than its own; only one that stands for events begins with itself. */
const placesSchema = v.tuple([idRangeSchema])

export type ForgottenAround = (key: number, id: number) => IdRange | null

/** Prepared once, as it is asked for with every piece that a reader gets. */
export function prepareForgottenAround(db: Database): ForgottenAround {
  // The method stands near the beginning; what is behind it may be long.
  const sql = `SELECT id, CASE WHEN instr(substr(body, 1, 300), '"method":"${forgottenMethod}"') > 0
      THEN json_extract('{' || body || '}', '$.params.ranges') END AS ranges
    FROM events WHERE thread = ? AND id <= ? ORDER BY id DESC LIMIT 1`
  const read = db.prepare<[number, number], { id: number; ranges: string | null }>(sql)
  return (key, id) => {
    const row = read.get(key, id)
    if (!row?.ranges) return null
    const { success, output } = v.safeParse(placesSchema, JSON.parse(row.ranges))
    const range = success ? output[0] : undefined
    return range && range.from === row.id && id <= range.to ? range : null
  }
}
