/** Names and handles the files beside the ledger: copies put aside as corrupt, older formats, and the request to check every page. */
import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { makeFolder } from './make-folder.ts'

/** What the ledger takes on disk, with what is not in its file proper yet; null when it is not there. */
export function ledgerBytes(ledgerFile: string): number | null {
  const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size
  const own = sizeOf(ledgerFile)
  return own === undefined ? null : own + (sizeOf(`${ledgerFile}-wal`) ?? 0)
}

/** Moves a corrupt ledger out of the way, with what belongs to it; returns where it is now. */
export function putAside(ledgerFile: string): string {
  const target = `${ledgerFile}.corrupt-${new Date().toISOString().replaceAll(':', '-')}`
  for (const suffix of ['', '-wal', '-shm'])
    if (existsSync(ledgerFile + suffix)) renameSync(ledgerFile + suffix, target + suffix)
  return target
}

/** The ledgers that were put aside, the oldest first. */
export function ledgersPutAside(ledgerFile: string): string[] {
  try {
    return readdirSync(dirname(ledgerFile))
      .filter((name) => name.startsWith(`${basename(ledgerFile)}.corrupt`) && !/-(wal|shm)$/.test(name))
      .sort()
      .map((name) => join(dirname(ledgerFile), name))
  } catch {
    return [] // No data folder yet.
  }
}

/** Where the ledger as it was in an older format is kept. */
export function formerLedger(ledgerFile: string, format: number): string {
  return `${ledgerFile}.format-${format}`
}

/** Those that are there. */
export function formerLedgers(ledgerFile: string): string[] {
  const beginning = `${basename(ledgerFile)}.format-`
  try {
    return readdirSync(dirname(ledgerFile))
      .filter((name) => name.startsWith(beginning) && /^\d+$/.test(name.slice(beginning.length)))
      .sort()
      .map((name) => join(dirname(ledgerFile), name))
  } catch {
    return [] // No data folder yet.
  }
}

/** A file and no flag: a service manager may start the next daemon, and takes no flag from us. */
const checkRequestFile = (ledgerFile: string) => `${ledgerFile}.check-at-start`

export function requestIntegrityCheck(ledgerFile: string): void {
  makeFolder(dirname(ledgerFile))
  writeFileSync(checkRequestFile(ledgerFile), '', { mode: 0o600 })
}

export function isIntegrityCheckRequested(ledgerFile: string): boolean {
  return existsSync(checkRequestFile(ledgerFile))
}

export function clearIntegrityCheckRequest(ledgerFile: string): void {
  rmSync(checkRequestFile(ledgerFile), { force: true })
}
