/**
 * Reads every page of the ledger, in a copy: a daemon lets nobody else open the file, and where none runs, opening it would keep one
 * from starting. A daemon writes the file only now and then, everything new being in its log, so that a copy is whole when the file was
 * left alone meanwhile.
 */
import { constants, rmSync } from 'node:fs'
import { copyFile, mkdir, rm, stat, statfs } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import Database, { SqliteError } from 'better-sqlite3'
import { reasonOf } from '../platform/places/make-folder.ts'
import { addonError } from '../platform/processes/native-addon.ts'
import { nameTemporary, removeLeftBeside } from '../platform/temporaries.ts'
import { awakeDelay } from '../platform/time/awake-clock.ts'

export type LedgerExamination =
  | { readonly state: 'whole' }
  /** `found` is the first of what SQLite complains about. */
  | { readonly state: 'damaged'; readonly found: string }
  | { readonly state: 'unknown'; readonly why: string; readonly fix: string }

interface ExamineOptions {
  /** Takes the copy away at once. */
  readonly signal: AbortSignal
  /** Made for the copy, and removed. */
  readonly folder?: string
}

const tries = 4
const pauseMs = 300
/** A file that was written less long ago may be written again at this very moment: its time is no finer than that everywhere. */
const settledMs = 100
/** Left free, so that the daemon does not run out of room because of us. */
const spareBytes = 100 * 1024 * 1024

/** @throws Error of the file system: the file cannot be read, or the copy not be written */
export async function examineLedger(file: string, options: ExamineOptions): Promise<LedgerExamination> {
  const { signal, folder = nameTemporary(file) } = options
  const [bytes, free] = [await sizeOf(file), await freeBytes(dirname(file))]
  if (free < bytes + spareBytes)
    return {
      state: 'unknown',
      why: `there is no room for a copy of it: ${mib(free)} MiB are free, ${mib(bytes + spareBytes)} are needed`,
      fix: `Make room in ${dirname(file)}, then run \`codex-share doctor\` again.`,
    }
  // The copy may just be coming into it.
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  signal.addEventListener('abort', remove)
  await removeLeftBeside(file)
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (error) {
    return { state: 'unknown', why: reasonOf(error), fix: `Make ${dirname(file)} writable.` }
  }
  try {
    return await examineCopies(file, join(folder, basename(file)))
  } finally {
    signal.removeEventListener('abort', remove)
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** A copy that is whole shows that the file is; one that is not may have been torn, unless the file was left alone. */
async function examineCopies(file: string, copy: string): Promise<LedgerExamination> {
  for (let left = tries; left > 0; left -= 1) {
    const alone = await copyLedger(file, copy)
    const found = findDamage(copy)
    if (found === null) return { state: 'whole' }
    if (alone) return { state: 'damaged', found }
    await awakeDelay(pauseMs)
  }
  return {
    state: 'unknown',
    why: 'it was being written all the time',
    fix: 'Run `codex-share doctor` again when no turn is running.',
  }
}

/** Returns whether the file was left alone meanwhile. Its log is copied second: only with what was written last it makes sense. */
async function copyLedger(file: string, copy: string): Promise<boolean> {
  const from = Date.now()
  const before = await stat(file)
  for (const suffix of ['', '-wal', '-shm']) await rm(copy + suffix, { force: true })
  await copyFile(file, copy, constants.COPYFILE_FICLONE)
  await copyFile(`${file}-wal`, `${copy}-wal`, constants.COPYFILE_FICLONE).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  })
  const after = await stat(file)
  const settled = from - before.mtimeMs > settledMs
  return settled && before.mtimeMs === after.mtimeMs && before.size === after.size && before.ino === after.ino
}

/** What SQLite finds wrong; null when nothing is. */
function findDamage(copy: string): string | null {
  try {
    const db = new Database(copy)
    try {
      db.pragma('synchronous = OFF')
      const verdict = String(db.pragma('quick_check(1)', { simple: true }))
      return verdict === 'ok' ? null : (verdict.split('\n').at(-1) ?? verdict)
    } finally {
      db.close()
    }
  } catch (error) {
    if (error instanceof SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)) return error.message
    throw addonError('SQLite', error) ?? error
  }
}

async function sizeOf(file: string): Promise<number> {
  const log = await stat(`${file}-wal`).catch(() => null) // A daemon that ended well has left none.
  return (await stat(file)).size + (log?.size ?? 0)
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

function mib(bytes: number): number {
  return Math.floor(bytes / 1024 / 1024)
}
