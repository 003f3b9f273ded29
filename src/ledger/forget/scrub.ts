/** Takes the remains of deleted rows out of the ledger's files, and remembers that this is due until it is done. */
import { type Database, SqliteError } from 'better-sqlite3'
import { readMeta, removeMeta, writeMeta } from '../meta.ts'

/**
 * To be called in the transaction that deletes: a daemon that ends before the file is clean leaves the rest to the next one.
 */
export function noteScrubDue(db: Database): void {
  writeMeta(db, 'scrub', 'due')
}

/** Does what a daemon left that ended in the middle of it; where that fails (a full disk, …) the next start tries again. */
export function finishScrub(db: Database): void {
  if (readMeta(db, 'scrub') === undefined) return
  try {
    scrub(db)
  } catch (error) {
    if (!(error instanceof SqliteError) || error.code.startsWith('SQLITE_CORRUPT')) throw error
  }
}

/**
 * Writes the file whole, as deleting leaves text behind in free pages and in the free parts of others, also with `secure_delete` (a few
 * cells in ten thousand, where pages were split); then empties the write-ahead log. Nothing else can be done meanwhile: about a second
 * for 100 MiB. It needs as much free space as the ledger takes.
 *
 * @throws SqliteError (a full disk, …): nothing was changed then, and it is still due.
 */
export function scrub(db: Database): void {
  db.exec('VACUUM')
  db.pragma('wal_checkpoint(TRUNCATE)')
  removeMeta(db, 'scrub')
}
