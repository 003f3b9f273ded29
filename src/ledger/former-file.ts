/** The ledger as it was before a newer program changed its format: kept beside it, as the way back, until the new one has been used for a day. */
import { spawnSync } from 'node:child_process'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database, { type Database as Db } from 'better-sqlite3'
import { formerLedger, formerLedgers } from '../platform/places/ledger-files.ts'
import { ShareError } from '../protocol/errors.ts'
import { readMeta, removeMeta, writeMeta } from './meta.ts'

const dayMs = 86_400_000
const spareBytes = 4 * 1024 * 1024
/** More than any thread can have been given in the time that the copy is kept. */
const idsSince = 10_000_000

/**
 * Copies the file, which is locked by `db`, before it is migrated from format `from`. It is copied by another process: closing any
 * descriptor of it in this one would give the lock up.
 *
 * @throws ShareError `unavailable` when there is no room: a migration without a way back is worse than one that waits
 */
export function keepFormerFile(db: Db, file: string, from: number): void {
  db.pragma('wal_checkpoint(TRUNCATE)')
  const [target, folder] = [formerLedger(file, from), dirname(file)]
  refuseWithoutRoom(file)
  const copying = `${target}.tmp`
  // What a copy before it has left, killed half-way: SQLite would take its log for that of this one.
  removeLogsOf(copying)
  const { status, stderr } = spawnSync(process.execPath, ['--eval', copyInOneGo, file, copying], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`it could not be copied before its format is changed: ${stderr.trim()}`)
  makeIdsNew(copying)
  removeLogsOf(copying)
  sync(copying)
  renameSync(copying, target)
  sync(folder)
  writeMeta(db, 'formerUsed', '0')
}

/** Shares the blocks where the file system can. */
const copyInOneGo = `const fs = require('fs'); fs.copyFileSync(process.argv[1], process.argv[2], fs.constants.COPYFILE_FICLONE)`

function refuseWithoutRoom(file: string): void {
  const { bavail, bsize } = statfsSync(dirname(file))
  const needed = statSync(file).size + spareBytes
  if (bavail * bsize >= needed) return
  const mib = (bytes: number) => Math.ceil(bytes / 1024 / 1024)
  throw new ShareError(
    'unavailable',
    `the ledger ${file} is of an older format, and there is no room for the copy that is kept as the way back: ${mib(needed)} MiB are needed, ${mib(bavail * bsize)} are free`,
    { hint: `Make room in ${dirname(file)}. Nothing was changed: the older program still works.` },
  )
}

/** A program that goes back to the copy must not give ids again that the newer file has given out since. */
function makeIdsNew(copy: string): void {
  const db = new Database(copy)
  try {
    db.transaction(() => {
      db.prepare('UPDATE threads SET next_id = next_id + ?').run(idsSince)
      const idBase = Math.max(Number(readMeta(db, 'idBase') ?? 0), Math.floor(Date.now() / 1000))
      writeMeta(db, 'idBase', String(idBase))
    })()
    db.pragma('journal_mode = DELETE')
  } finally {
    db.close()
  }
}

/** SQLite has taken them away when it closed the file, where it could. */
function removeLogsOf(copy: string): void {
  for (const end of ['-wal', '-shm', '-journal']) rmSync(copy + end, { force: true })
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

export class FormerFile {
  private readonly db: Db
  private readonly file: string
  private readonly upMs: () => number
  private notedAtMs: number

  /** @param upMs milliseconds that the daemon has been up */
  constructor(db: Db, file: string, upMs = () => performance.now()) {
    this.db = db
    this.file = file
    this.upMs = upMs
    this.notedAtMs = upMs()
  }

  /** Called now and then. Counts how long the daemon has been up since the change, which no setting of the clock alters. */
  releaseInTime(): void {
    const used = readMeta(this.db, 'formerUsed')
    if (used === undefined) return
    const nowMs = this.upMs()
    const usedMs = Number(used) + nowMs - this.notedAtMs
    this.notedAtMs = nowMs
    if (usedMs < dayMs) writeMeta(this.db, 'formerUsed', String(Math.floor(usedMs)))
    else {
      for (const former of formerLedgers(this.file)) rmSync(former, { force: true })
      removeMeta(this.db, 'formerUsed')
    }
  }
}
