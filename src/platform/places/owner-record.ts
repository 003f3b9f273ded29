/** The ledger's owner record: which daemon has the ledger and where it listens, kept beside the ledger. */
import * as v from 'valibot'
import { type ProcessRecord, readLiveRecord, writeProcessRecord } from '../processes/process-record.ts'
import { thisSystem } from '../system/this-system.ts'
import { type Places, placesInRuntimeDir } from './resolve-places.ts'
import { faultOfRuntimeDir } from './runtime-dir-fault.ts'
import { isSamePlace } from './same-place.ts'

const ownerSchema = v.looseObject({
  pid: v.number(),
  startToken: v.string(),
  runtimeDir: v.pipe(v.string(), v.startsWith('/')),
  codexHome: v.string(),
})

/** A daemon that runs. */
type LedgerOwner = ProcessRecord & v.InferOutput<typeof ownerSchema>

interface OwnerFacts {
  readonly version: string
  /** As the daemon's environment spells it. */
  readonly codexHome: string
}

/**
 * Notes this process. Only the daemon that has the ledger may, so that the record has one writer at a time.
 *
 * @throws Error when the data folder cannot be written
 */
export function writeOwner({ ownerRecord, runtimeDir }: Places, facts: OwnerFacts): Promise<ProcessRecord> {
  return writeProcessRecord(ownerRecord, { ...facts, pid: process.pid, runtimeDir })
}

/** The daemon that the record names, while that very process runs. */
export async function readOwner({ ownerRecord }: Pick<Places, 'ownerRecord'>): Promise<LedgerOwner | undefined> {
  const record = await readLiveRecord(ownerRecord)
  const checked = v.safeParse(ownerSchema, record)
  return record && checked.success ? { ...record, ...checked.output } : undefined
}

/**
 * The places of the daemon that has the ledger, where its runtime folder is another than this environment's and passes the checks.
 * Whether it answers there is the caller's to find out.
 */
export async function placesOfOwner(places: Places): Promise<Places | undefined> {
  const owner = await readOwner(places)
  if (!owner || isSamePlace(owner.runtimeDir, places.runtimeDir) || faultOfRuntimeDir(owner.runtimeDir))
    return undefined
  return { ...places, ...placesInRuntimeDir(owner.runtimeDir) }
}

/**
 * Whether a connection that was refused here may have been refused by a daemon that has too many waiting, and not because nobody listens:
 * one that ends takes its socket away first.
 */
export async function mayBeCrowded(places: Places, { refusesWhenCrowded } = thisSystem): Promise<boolean> {
  const owner = refusesWhenCrowded ? await readOwner(places) : undefined
  return owner !== undefined && isSamePlace(owner.runtimeDir, places.runtimeDir)
}
