/** Finds the events that a person wants forgotten: all of a turn, or all that hold a text. */
import type { Database } from 'better-sqlite3'
import { forgottenMethod } from '../../protocol/own-events.ts'
import type { ForgottenRun } from './forgotten-runs.ts'
import { storedForms } from './stored-text.ts'

/** What is to be forgotten of a thread: a turn, a text, or with neither the whole thread. */
export interface ForgetSubject {
  readonly threadId: string
  readonly turnId?: string | undefined
  readonly text?: string | undefined
}

export function isWhole({ turnId, text }: ForgetSubject): boolean {
  return turnId === undefined && text === undefined
}

/** Parsed only where the words are: a tool may have been called with them, and what it was called with is to be forgotten. */
const isNote = `(instr(body, '"method":"${forgottenMethod}"') > 0
  AND json_extract('{' || body || '}', '$.method') = '${forgottenMethod}')`

/** All of a thread's events as one run, read once and not looked into; undefined where only notes are left. */
export function wholeThread(db: Database, key: number): ForgottenRun | undefined {
  const sql = `SELECT count(*) AS events, min(id) AS "from", max(id) AS "to" FROM events WHERE thread = ? AND NOT ${isNote}`
  const found = db.prepare<[number], Pick<ForgottenRun, 'events' | 'from' | 'to'>>(sql).get(key)
  return found && found.events > 0 ? { ...found, atMs: 0, turnId: null, status: undefined } : undefined
}

/**
 * Ids, upwards, of the events of a turn or with a text. Notes of what was forgotten before are chosen only for the text they hold
 * themselves.
 */
export function chooseEvents(db: Database, key: number, { turnId, text }: ForgetSubject): number[] {
  const ids = (condition: string, ...values: (string | number)[]) =>
    db
      .prepare<(number | string)[], number>(`SELECT id FROM events WHERE thread = ? AND (${condition}) ORDER BY id`)
      .pluck()
      .all(key, ...values)
  if (text !== undefined) {
    const forms = storedForms(text)
    const whole = ids(forms.map(() => 'instr(body, ?) > 0').join(' OR '), ...forms)
    return [...new Set([...whole, ...inPieces(db, key, text)])].sort((a, b) => a - b)
  }
  if (turnId === undefined) return []
  const quoted = JSON.stringify(turnId)
  const [begin, root] = [`"turnId":${quoted},`, `"rootTurnId":${quoted}`]
  // A review's turn may start under the id of a sub-turn, and names its own beside it.
  return ids(`(substr(body, 1, ?) = ? OR instr(body, ?) > 0) AND NOT ${isNote}`, begin.length, begin, root)
}

/** An answer that never came to its end is there in pieces only, and the text may lie across them. */
function inPieces(db: Database, key: number, text: string): number[] {
  const sql = `SELECT delta_of AS item, id, json_extract('{' || body || '}', '$.params.delta') AS piece
    FROM events WHERE thread = ? AND delta_of IS NOT NULL ORDER BY id`
  const items = new Map<string, { ids: number[]; pieces: string[] }>()
  for (const { item, id, piece } of db
    .prepare<[number], { item: string; id: number; piece: unknown }>(sql)
    .iterate(key)) {
    const { ids, pieces } = items.get(item) ?? { ids: [], pieces: [] }
    items.set(item, { ids, pieces })
    ids.push(id)
    pieces.push(String(piece ?? ''))
  }
  const forms = [text, JSON.stringify(text).slice(1, -1)]
  const found = [...items.values()].filter(({ pieces }) => forms.some((form) => pieces.join('').includes(form)))
  return found.flatMap(({ ids }) => ids)
}
