/** Opens the ledger's file: the exclusive lock that makes this daemon the only one, migrations, and what to do with a corrupt file. */
import { existsSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import Database, { type Database as Db, SqliteError } from 'better-sqlite3'
import {
  clearIntegrityCheckRequest,
  formerLedger,
  isIntegrityCheckRequested,
  putAside,
} from '../platform/places/ledger-files.ts'
import { makeFolder, reasonOf } from '../platform/places/make-folder.ts'
import { addonError } from '../platform/processes/native-addon.ts'
import type { System } from '../platform/system/system.ts'
import { thisSystem } from '../platform/system/this-system.ts'
import { ShareError } from '../protocol/errors.ts'
import { shellWord } from '../protocol/text/shell-word.ts'
import { finishScrub } from './forget/scrub.ts'
import { keepFormerFile } from './former-file.ts'
import { readMeta, removeMeta, writeMeta } from './meta.ts'
import { ledgerFormatOf, migrate, schemaVersion } from './schema.ts'

export interface OpenedFile {
  readonly db: Db
  /** Where a corrupt file was put, when there was one. */
  readonly setAside: string | undefined
  /** The machine went down unclean since the last opening: what was written last may be missing. */
  readonly crashed: boolean
  /** Ids of every thread start above this; 0 but after a loss. */
  readonly idBase: number
}

/** A file of this size is written whole in a moment. */
const quickBytes = 16 * 1024 * 1024

/** How far ids jump after the machine went down unclean: more events than SQLite can have had in memory only. */
const unsyncedIds = 100_000

/**
 * Opens `file`, or makes it (0600 by the folder's 0700), and hands it to `use`. A file that turns out to be corrupt on the way is put
 * aside, and `use` is given a new one.
 *
 * The lock is SQLite's own in exclusive mode: it dies with its holder, so it is the fence between two daemons that cannot be fooled.
 *
 * @throws ShareError `conflict` when another process has the ledger; `unavailable` when the file cannot be used.
 */
export function openLedgerFile<T>(file: string, use: (opened: OpenedFile) => T, system = thisSystem): T {
  try {
    makeFolder(dirname(file))
    return prepare(file, undefined, use, system)
  } catch (error) {
    if (isLocked(error)) throw new ShareError('conflict', `another daemon has the ledger ${file}`, { cause: error })
    const unloadable = addonError('SQLite', error)
    if (unloadable) throw unloadable
    if (error instanceof ShareError) throw error
    if (!isCorrupt(error)) {
      throw new ShareError('unavailable', `the ledger ${file} cannot be opened: ${reasonOf(error)}`, {
        cause: error,
        hint: 'Check the folder, its owner and the free space on its disk.',
      })
    }
  }
  return prepare(file, putAside(file), use, system)
}

function open(file: string): Db {
  const db = new Database(file, { timeout: 0 })
  try {
    db.pragma('locking_mode = EXCLUSIVE')
    // First: tables that this program cannot make sense of would pass for damage.
    refuseNewer(db, file)
    // Takes effect in a file that is being made, and in one that is written whole.
    db.pragma('auto_vacuum = INCREMENTAL')
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    // A commit that copies the log into the file holds the loop for as long: a megabyte at a time.
    db.pragma('wal_autocheckpoint = 256')
    // On macOS a plain fsync leaves the disk's own cache to a power failure. Elsewhere this changes nothing.
    db.pragma('checkpoint_fullfsync = ON')
    db.exec('BEGIN IMMEDIATE; COMMIT')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function refuseNewer(db: Db, file: string): void {
  const format = ledgerFormatOf(db)
  if (format <= schemaVersion) return
  const former = formerLedger(file, schemaVersion)
  const [folder, name] = [dirname(file), basename(file)]
  const move = `cd ${shellWord(folder)} && mv ${name} ${name}.newer && mv ${basename(former)} ${name}`
  throw new ShareError(
    'unavailable',
    `the ledger ${file} was written by a newer program (format ${format}; this one knows up to ${schemaVersion})`,
    {
      hint: existsSync(former)
        ? `Update codex-share, or go back to the ledger as it was before the update: ${move}`
        : 'Update codex-share.',
    },
  )
}

function prepare<T>(file: string, setAside: string | undefined, use: (opened: OpenedFile) => T, system: System): T {
  const db = open(file)
  try {
    const format = ledgerFormatOf(db)
    if (format > 0 && format < schemaVersion) keepFormerFile(db, file, format)
    if (format < schemaVersion) migrate(db)
    const boot = system.bootId()
    const last = readMeta(db, 'boot')
    // Where the system does not tell its boots apart, each end that was not clean may have been the machine's.
    const isSameBoot = boot !== undefined && last === boot
    const crashed = last !== undefined && !isSameBoot && readMeta(db, 'clean') !== 'yes'
    const wished = isIntegrityCheckRequested(file)
    if (wished) refuseCorrupt(db)
    clearIntegrityCheckRequest(file)
    // After a crash of the machine no page is read before the ledger serves: a disk may have lied.
    if (wished || !crashed) giveBackFreePages(db, wished ? Number.POSITIVE_INFINITY : quickBytes)
    if (crashed) db.exec(`UPDATE threads SET next_id = next_id + ${unsyncedIds}`)
    // A crash leaves the file consistent, that is what its log is for. Reading every page of some gigabytes takes half a minute, so
    // disks that lied are looked for while the daemon serves.
    if (crashed && !wished) writeMeta(db, 'unchecked', 'yes')
    // After a loss nobody knows which ids were given out; seconds since 1970 are above all that can have been.
    if (setAside) writeMeta(db, 'idBase', String(Math.floor(Date.now() / 1000)))
    writeMeta(db, 'boot', boot ?? 'unknown')
    writeMeta(db, 'clean', 'no')
    finishScrub(db)
    return use({ db, setAside, crashed, idBase: Number(readMeta(db, 'idBase') ?? 0) })
  } catch (error) {
    db.close()
    throw error
  }
}

/**
 * A file of an older program keeps the room of what was let go, until it was written whole once: a tenth of a second here. A larger one
 * is when a person has asked for a start that may take its time, or forgets something.
 */
function giveBackFreePages(db: Db, mostBytes: number): void {
  const pragma = (name: string) => Number(db.pragma(name, { simple: true }))
  if (pragma('auto_vacuum') !== 0 || pragma('page_count') * pragma('page_size') > mostBytes) return
  try {
    db.exec('VACUUM')
  } catch (error) {
    // No room for it: the next start tries again.
    if (!isDatabaseError(error) || isCorrupt(error)) throw error
  }
}

/** Reads every page: about a second for a gigabyte that is in memory. */
function refuseCorrupt(db: Db): void {
  const verdict = db.pragma('quick_check(1)', { simple: true })
  if (verdict !== 'ok') throw new SqliteError(`quick_check: ${String(verdict)}`, 'SQLITE_CORRUPT')
  for (const name of ['unchecked', 'damage'] as const) removeMeta(db, name)
}

/**
 * Does the last writes, notes a clean end and closes. Where the disk is full it closes without: some ids are skipped then, and when the
 * machine goes down next, the end counts as unclean.
 */
export function closeLedgerFile(db: Db, lastWrites: () => void): void {
  if (!db.open) return
  try {
    lastWrites()
    writeMeta(db, 'clean', 'yes')
  } catch (error) {
    if (!isDatabaseError(error) || isCorrupt(error)) throw error
  } finally {
    db.close()
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof SqliteError && error.code.startsWith('SQLITE_BUSY')
}

export function isCorrupt(error: unknown): error is Error {
  return error instanceof SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)
}

/** Whether it is the file that failed, and not what was to be written. */
export function isDatabaseError(error: unknown): error is Error {
  return error instanceof SqliteError
}
