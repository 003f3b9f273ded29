/** Reads every event of a ledger's only thread with SQLite alone, in order, and does nothing with them. */
import { createRequire } from 'node:module'

const [file, packageFile = ''] = process.argv.slice(2)
const Database: typeof import('better-sqlite3') = createRequire(packageFile)('better-sqlite3')
const db = new Database(file)
const from = performance.now()
let rows = 0
for (const _row of db.prepare('SELECT id, body FROM events WHERE thread = 1 AND id > 0 ORDER BY id').iterate())
  rows += 1
process.stdout.write(JSON.stringify({ rows, scanMs: performance.now() - from }))
