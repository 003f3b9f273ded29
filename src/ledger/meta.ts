/** Small facts about the ledger's file, kept in the file. */
import type { Database } from 'better-sqlite3'

/**
 * `boot` and `clean` are of the last opening, `idBase` is where ids start after a loss. `unchecked` is set after a crash of the machine
 * until every page was read, `checked` is when that was, and `damage` what was found. `scrub` is set while deleted rows may have left
 * remains. `formerUsed` is how many milliseconds the daemon has been up since the file's format was changed. `clock` and `leapt` are the
 * ledger's own clock. `submitsLooked` is the last submit that retention has looked at.
 */
type MetaName =
  | 'boot'
  | 'clean'
  | 'idBase'
  | 'unchecked'
  | 'checked'
  | 'damage'
  | 'scrub'
  | 'formerUsed'
  | 'clock'
  | 'leapt'
  | 'submitsLooked'

export function readMeta(db: Database, name: MetaName): string | undefined {
  const value: unknown = db.prepare('SELECT value FROM meta WHERE name = ?').pluck().get(name)
  return typeof value === 'string' ? value : undefined
}

export function writeMeta(db: Database, name: MetaName, value: string): void {
  db.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value').run(name, value)
}

export function removeMeta(db: Database, name: MetaName): void {
  db.prepare('DELETE FROM meta WHERE name = ?').run(name)
}
