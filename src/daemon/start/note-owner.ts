/** Notes in the ledger's owner record that this daemon has it. */

import type { Logger } from '../../platform/logging/log.ts'
import { codexHomeOf } from '../../platform/places/codex-home.ts'
import { writeOwner } from '../../platform/places/owner-record.ts'
import type { Environment, Places } from '../../platform/places/resolve-places.ts'
import { type ProcessRecord, removeProcessRecord } from '../../platform/processes/process-record.ts'
import { programVersion } from '../../protocol/version.ts'

export interface OwnerNote {
  /** To be called while the ledger is still ours: from then on the record may be the next daemon's. */
  remove(): Promise<void>
}

export interface NoteOwnerOptions {
  readonly places: Places
  readonly env: Environment
  readonly log: Logger
  /** Milliseconds until it is tried again. */
  readonly everyMs?: number
}

/**
 * On a full disk there is no note, and the daemon serves what it has: only clients of other runtime folders do not find it, and
 * `daemon stop` cannot end it should it hang. It is tried again until there is room.
 */
export async function noteOwner({ places, env, log, everyMs = 5000 }: NoteOwnerOptions): Promise<OwnerNote> {
  let record: ProcessRecord | undefined
  let writing: Promise<unknown> = Promise.resolve()
  const write = async () => {
    record = await writeOwner(places, { version: programVersion, codexHome: codexHomeOf(env) })
  }
  await write().catch((error: unknown) => log.warn({ err: error }, 'the owner record cannot be written yet'))
  const timer = setInterval(() => {
    if (record) clearInterval(timer)
    else writing = writing.then(write).catch(() => {}) // It is tried again.
  }, everyMs).unref()
  return {
    async remove() {
      clearInterval(timer)
      await writing
      if (record) await removeProcessRecord(places.ownerRecord, record)
    },
  }
}
