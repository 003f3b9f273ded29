/** Opens the ledger, waiting while a daemon that is leaving still has it; names the one that keeps it. */
import { setTimeout as delay } from 'node:timers/promises'
import { type Ledger, openLedger } from '../../ledger/ledger.ts'
import { readOwner } from '../../platform/places/owner-record.ts'
import type { Places } from '../../platform/places/resolve-places.ts'
import { awakeMs } from '../../platform/time/awake-clock.ts'
import { asShareError, ShareError } from '../../protocol/errors.ts'
import type { Former } from '../sockets/claim-socket.ts'

export interface OpenLedgerOptions {
  readonly places: Places
  readonly former: Former
}

/**
 * How long to wait. `asked`: as long as a clean stop may take. `leaving`: less than our first clients wait, so that they hear the reason.
 * `none`: a killed daemon holds nothing any more, and one that lost its socket notices within a second.
 */
const patienceMs: Readonly<Record<Former, number>> = { asked: 20_000, leaving: 8000, none: 3000 }
const everyMs = 25

/** @throws ShareError `conflict` naming the other daemon's runtime folder; `unavailable` when the file cannot be used. */
export async function openLedgerWhenFree({ places, former }: OpenLedgerOptions): Promise<Ledger> {
  const deadline = awakeMs() + patienceMs[former]
  for (;;) {
    try {
      return openLedger(places.ledgerFile)
    } catch (error) {
      const failure = asShareError(error)
      if (failure.errorName !== 'conflict') throw failure
      if (awakeMs() > deadline)
        throw new ShareError('conflict', `${failure.message}${await describeOwner(places)}`, owned)
    }
    await delay(everyMs)
  }
}

const owned = {
  hint: 'One daemon keeps one ledger: stop the other, or give this one a data folder of its own (XDG_DATA_HOME).',
}

/** Without the record the conflict is reported all the same. */
async function describeOwner(places: Places): Promise<string> {
  const owner = await readOwner(places)
  return owner === undefined ? '' : ` (process ${owner.pid}, runtime folder ${owner.runtimeDir})`
}
