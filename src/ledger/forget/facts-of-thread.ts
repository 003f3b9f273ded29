/** Clears what the ledger has of a thread beside its events: its name, its first prompt, its turns and the requests they came of. */
import type { Database } from 'better-sqlite3'
import type { ForgetSubject } from './choose-events.ts'

/** Its queue is kept by the thread's own id. */
const itsQueue = 'thread_id = (SELECT thread_id FROM threads WHERE key = @key)'

/** Places that may hold a text: table, condition (with `@key`, `@text`, `@json`), and what is done where it does. */
const placesOfText = [
  // An empty name or first prompt is a forgotten one: it is not filled in again from Codex, which still has it.
  ['threads', 'key = @key AND instr(name, @text)', "UPDATE threads SET name = ''"],
  ['threads', 'key = @key AND instr(preview, @text)', "UPDATE threads SET preview = ''"],
  ['requests', 'thread = @key AND instr(request_id, @text)', 'DELETE FROM requests'],
  ['requests', 'thread = @key AND instr(input, @json)', 'UPDATE requests SET input = NULL'],
  ['requests', 'thread = @key AND instr(by, @json)', 'UPDATE requests SET by = NULL'],
  ['turns', 'thread = @key AND instr(by, @json)', 'UPDATE turns SET by = NULL'],
  // It would be submitted, and be there again.
  [
    'queued',
    `${itsQueue} AND (instr(input, @json) OR instr(metadata, @json) OR instr(client_id, @text))`,
    'DELETE FROM queued',
  ],
  ['queued', `${itsQueue} AND instr(by, @json)`, "UPDATE queued SET by = 'null'"],
] as const

/** How many places beside the events hold the text. What goes with a turn or a thread is no reason to forget by itself. */
export function countFacts(db: Database, key: number, { text }: ForgetSubject): number {
  if (text === undefined) return 0
  const counts = placesOfText.map(([table, where]) =>
    db.prepare<[object], number>(`SELECT count(*) FROM ${table} WHERE ${where}`).pluck().get(valuesFor(key, text)),
  )
  return counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)
}

/**
 * Turns and request ids stay, without what was submitted and by whom: by them Codex's history is not imported again, and no submit runs
 * twice.
 *
 * @param turnIds of the events that go
 */
export function clearFacts(
  db: Database,
  key: number,
  { turnId, text }: ForgetSubject,
  turnIds: Iterable<string>,
): void {
  for (const id of turnIds) db.prepare("UPDATE requests SET content = '' WHERE thread = ? AND turn_id = ?").run(key, id)
  if (text !== undefined) {
    for (const [, where, clear] of placesOfText) db.prepare(`${clear} WHERE ${where}`).run(valuesFor(key, text))
    // Those that are not known yet may hold it as well: Codex names them when the thread is attached to next.
    db.prepare("UPDATE threads SET name = coalesce(name, ''), preview = coalesce(preview, '') WHERE key = ?").run(key)
  } else if (turnId !== undefined) {
    db.prepare('UPDATE requests SET by = NULL, input = NULL WHERE thread = ? AND turn_id = ?').run(key, turnId)
    db.prepare('UPDATE turns SET by = NULL WHERE thread = ? AND turn_id = ?').run(key, turnId)
    const first = 'SELECT turn_id FROM turns WHERE thread = key ORDER BY first_id LIMIT 1'
    db.prepare(`UPDATE threads SET preview = '' WHERE key = ? AND ? = (${first})`).run(key, turnId)
  } else {
    db.prepare("UPDATE requests SET content = '', by = NULL, input = NULL WHERE thread = ?").run(key)
    db.prepare('UPDATE turns SET by = NULL WHERE thread = ?').run(key)
    db.prepare(`DELETE FROM queued WHERE ${itsQueue}`).run({ key })
    db.prepare("UPDATE threads SET name = NULL, cwd = NULL, preview = '', closed_ms = ? WHERE key = ?").run(
      Date.now(),
      key,
    )
  }
}

function valuesFor(key: number, text: string): object {
  return { key, text, json: JSON.stringify(text).slice(1, -1) }
}
