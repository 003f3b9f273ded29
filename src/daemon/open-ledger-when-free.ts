/** Opens the ledger, waiting while a daemon that is leaving still has it; names the one that keeps it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import * as v from 'valibot'
import { type Ledger, openLedger } from '../ledger/ledger.ts'
import type { Places } from '../platform/runtime-dir.ts'
import { asShareError, ShareError } from '../protocol/errors.ts'

export interface OpenLedgerOptions {
  readonly places: Places
  /** A daemon was asked to leave: it has as long as a clean stop may take. */
  readonly patient: boolean
}

const patientMs = 20_000
/** A daemon that was killed has let go already; one that lost its socket notices within a second. */
const briefMs = 3000
const everyMs = 25

const ownerSchema = v.object({ pid: v.number(), runtimeDir: v.string() })

/** @throws ShareError `conflict` naming the other daemon's runtime folder; `unavailable` when the file cannot be used. */
export async function openLedgerWhenFree({ places, patient }: OpenLedgerOptions): Promise<Ledger> {
  const ownerFile = join(places.dataDir, 'ledger.owner.json')
  const deadline = Date.now() + (patient ? patientMs : briefMs)
  for (;;) {
    try {
      const ledger = openLedger(places.ledgerFile)
      noteOwner(ownerFile, places)
      return ledger
    } catch (error) {
      const failure = asShareError(error)
      if (failure.errorName !== 'conflict') throw failure
      if (Date.now() > deadline)
        throw new ShareError('conflict', `${failure.message}${describeOwner(ownerFile)}`, owned)
    }
    await delay(everyMs)
  }
}

const owned = {
  hint: 'One daemon keeps one ledger: stop the other, or give this one a data folder of its own (XDG_DATA_HOME).',
}

function noteOwner(file: string, { runtimeDir }: Places): void {
  try {
    writeFileSync(file, JSON.stringify({ pid: process.pid, runtimeDir }), { mode: 0o600 })
  } catch {
    // A full disk. The note is a courtesy, and the daemon serves what it has.
  }
}

function describeOwner(file: string): string {
  try {
    const { pid, runtimeDir } = v.parse(ownerSchema, JSON.parse(readFileSync(file, 'utf8')))
    return ` (process ${pid}, runtime folder ${runtimeDir})`
  } catch {
    return '' // The note is a courtesy; without it the conflict is still told.
  }
}
