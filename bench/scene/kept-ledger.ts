/** Large ledgers, made once and kept in the temporary folder: filling one takes minutes, copying it seconds. */
import { constants, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { schemaVersion } from '../../src/ledger/schema.ts'
import { seedLedger } from './seed-ledger.ts'

export interface KeptLedgerOptions {
  readonly threads: number
  readonly events: number
}

/** What retention lets go of when it keeps half: it is spread over twice as much. */
export const keptDays = 20
/** An older one has no events of the last hours. */
const usefulMs = 12 * 3_600_000

/** Copies one with so many events in so many threads to `file`. */
export async function copyKeptLedger(file: string, { threads, events }: KeptLedgerOptions): Promise<void> {
  const folder = join(tmpdir(), 'codex-share-bench-ledgers')
  const kept = join(folder, `format-${schemaVersion}-${threads}-${events}.db`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!existsSync(kept) || Date.now() - statSync(kept).mtimeMs > usefulMs)
    await makeLedger(folder, kept, { threads, events })
  await copyFile(kept, file, constants.COPYFILE_FICLONE)
}

async function makeLedger(folder: string, kept: string, size: KeptLedgerOptions): Promise<void> {
  const making = mkdtempSync(join(folder, 'making-'))
  try {
    process.stderr.write(`    filling a ledger with ${size.events.toLocaleString('en')} events\n`)
    await seedLedger({ file: join(making, 'ledger.db'), ...size, days: keptDays })
    renameSync(join(making, 'ledger.db'), kept)
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
}
