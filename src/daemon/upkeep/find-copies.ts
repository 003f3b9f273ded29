/** Finds the files that hold what the ledger has forgotten, and that are not the daemon's to change. */
import { basename, dirname, join } from 'node:path'
import type { ForgetSubject } from '../../ledger/forget/choose-events.ts'
import { storedForms } from '../../ledger/forget/stored-text.ts'
import type { Places } from '../../platform/places/resolve-places.ts'
import { filesIn, holdsAny } from '../../platform/search-files.ts'
import { awakeSignal } from '../../platform/time/awake-clock.ts'

export interface FindCopiesOptions {
  readonly places: Pick<Places, 'ledgerFile' | 'daemonLog'>
  readonly codexHome: string
  readonly subject: ForgetSubject
}

const longestSearchMs = 10_000

/**
 * Codex's records, what Codex keeps beside them, ledgers that were put aside, and logs. Where the search takes too long, the folders that
 * were not looked through to the end are named instead.
 */
export async function findCopies({ places, codexHome, subject }: FindCopiesOptions): Promise<string[]> {
  const { threadId, turnId, text } = subject
  const signal = awakeSignal(longestSearchMs)
  const wanted = text === undefined ? [turnId ?? threadId] : [text, ...storedForms(text)]
  // A record that Codex has packed cannot be looked into.
  const isPacked = (file: string) => basename(file).includes(threadId) && file.endsWith('.zst')
  const data = dirname(places.ledgerFile)
  const ledgers = (await filesIn(data, { deep: true })).filter(isKept(places.ledgerFile))
  const logs = text === undefined ? [] : (await filesIn(dirname(places.daemonLog))).filter(isLog)
  const records = ['sessions', 'archived_sessions'].map((name) => join(codexHome, name))
  const found: string[] = []
  const look = async (folder: string, files: readonly string[]) => {
    try {
      for (const file of files) if (isPacked(file) || (await holdsAny(file, wanted, signal))) found.push(file)
    } catch {
      found.push(folder)
    }
  }
  await look(data, ledgers)
  for (const folder of records) await look(folder, await filesIn(folder, { deep: true }))
  await look(codexHome, await filesIn(codexHome))
  await look(dirname(places.daemonLog), logs)
  return found
}

/**
 * Put aside as corrupt, kept from before a change of the format, or being checked. Never the ledger itself: closing it once gives up
 * the locks that this process has on it.
 */
function isKept(ledgerFile: string): (file: string) => boolean {
  return (file) => file.startsWith(`${ledgerFile}.`)
}

/** The folder may be the ledger's as well. */
function isLog(file: string): boolean {
  return basename(file).includes('.log')
}
