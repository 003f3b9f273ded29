/** Makes of a ledger's file what a bad disk, or a machine that went down, would. Nobody may have the file open. */
import { closeSync, openSync, writeSync } from 'node:fs'
import Database from 'better-sqlite3'

/** Overwrites a page in the middle of those that hold rows of the table: the newest is looked at when the ledger is opened. */
export function damageLedger(file: string, table = 'events'): void {
  const db = new Database(file)
  const pageSize = Number(db.pragma('page_size', { simple: true }))
  const sql = "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path"
  const pages = db.prepare<[string], number>(sql).pluck().all(table)
  const page = pages[Math.floor((pages.length - 1) / 2)] ?? 1
  db.close()
  const descriptor = openSync(file, 'r+')
  try {
    writeSync(descriptor, Buffer.alloc(pageSize, 0xff), 0, pageSize, (page - 1) * pageSize)
  } finally {
    closeSync(descriptor)
  }
}

/** The ledger was open when the machine went down. */
export function crashMachine(file: string): void {
  const db = new Database(file)
  const set = db.prepare('UPDATE meta SET value = ? WHERE name = ?')
  set.run('another boot', 'boot')
  set.run('no', 'clean')
  db.close()
}
