/** Notes in the ledger's owner record that this daemon has it. */

import type { Logger } from '../../platform/logging/log.ts'
import { codexHomeOf } from '../../platform/places/codex-home.ts'
import { writeOwner } from '../../platform/places/owner-record.ts'
import type { Environment, Places } from '../../platform/places/resolve-places.ts'
import { removeProcessRecord } from '../../platform/processes/process-record.ts'
import { programVersion } from '../../protocol/version.ts'

export interface OwnerNote {
  /** To be called while the ledger is still ours: from then on the record may be the next daemon's. */
  remove(): Promise<void>
}

/** On a full disk there is no note, and the daemon serves what it has: only clients of other runtime folders do not find it. */
export async function noteOwner(places: Places, env: Environment, log: Logger): Promise<OwnerNote> {
  try {
    const record = await writeOwner(places, { version: programVersion, codexHome: codexHomeOf(env) })
    return { remove: () => removeProcessRecord(places.ownerRecord, record) }
  } catch (error) {
    log.warn({ err: error }, 'the owner record cannot be written')
    return { remove: async () => {} }
  }
}
