/** Looks through a thread for a text, some events at a time. */
import type { Database } from 'better-sqlite3'
import { storedForms } from './stored-text.ts'

/** Events that one step looks at: some milliseconds, also where each is on a page that is not in memory. */
const rowsPerStep = 256

interface Row {
  readonly id: number
  /** The item that it is a piece of. */
  readonly item: string | null
  readonly piece: unknown
  /** 1 where the text is in it. */
  readonly holds: number
}

/** Yields between the steps. An answer that never came to its end is there in pieces only, and the text may lie across them. */
export function* holdsText(db: Database, key: number, text: string): Generator<void, boolean> {
  const forms = storedForms(text)
  const read = db.prepare<[...string[], number, number], Row>(
    `SELECT id, delta_of AS item, ${forms.map(() => 'instr(body, ?) > 0').join(' OR ')} AS holds,
       CASE WHEN delta_of IS NOT NULL THEN json_extract('{' || body || '}', '$.params.delta') END AS piece
     FROM events WHERE thread = ? AND id > ? ORDER BY id LIMIT ${rowsPerStep}`,
  )
  const joined = [text, JSON.stringify(text).slice(1, -1)]
  const longest = Math.max(...joined.map(({ length }) => length))
  /** The end of what was read of each item, as long as a text may begin in it. */
  const ends = new Map<string, string>()
  for (let [after, isLast] = [0, false]; !isLast; ) {
    const rows = read.all(...forms, key, after)
    for (const { item, piece, holds } of rows) {
      if (holds === 1) return true
      if (item === null) continue
      const said = (ends.get(item) ?? '') + String(piece ?? '')
      if (joined.some((form) => said.includes(form))) return true
      ends.set(item, said.slice(-longest))
    }
    after = rows.at(-1)?.id ?? after
    isLast = rows.length < rowsPerStep
    yield
  }
  return false
}
