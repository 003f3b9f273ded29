/** Is the ledger whole, and of a sane size? */
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Check } from '../check.ts'
import { type Finding, ok } from '../finding.ts'

export const ledger: Check = {
  name: 'Ledger',
  run({ places: { ledgerFile }, daemon, settings }) {
    const bytes = statSync(ledgerFile, { throwIfNoEntry: false })?.size ?? null
    return judgeLedger({
      file: ledgerFile,
      bytes,
      isDatabase: bytes === null || bytes === 0 || beginsAsDatabase(ledgerFile),
      setAside: setAside(ledgerFile),
      problem: daemon.state === 'running' ? daemon.status.ledger.problem : null,
      limitBytes: settings.retention.megabytes * 1024 * 1024,
    })
  },
}

export interface LedgerFacts {
  readonly file: string
  /** Null when there is none. */
  readonly bytes: number | null
  readonly isDatabase: boolean
  /** Corrupt ledgers that were put aside. */
  readonly setAside: readonly string[]
  /** What the daemon says is wrong. */
  readonly problem: string | null
  /** 0 for none. */
  readonly limitBytes: number
}

export function judgeLedger({ file, bytes, isDatabase, setAside, problem, limitBytes }: LedgerFacts): Finding[] {
  const findings: Finding[] = []
  if (problem !== null)
    findings.push({
      level: 'problem',
      what: problem,
      why: 'Nothing is submitted that could not be recorded.',
      fix: `Make room on the disk of ${dirname(file)}; the daemon goes on by itself.`,
    })
  if (!isDatabase)
    findings.push({
      level: 'problem',
      what: `${file} is not a ledger`,
      why: 'At its next start the daemon puts it aside and begins a new one from what Codex has.',
      fix: 'codex-share daemon restart',
    })
  for (const path of setAside)
    findings.push({
      level: 'note',
      what: `a corrupt ledger was put aside: ${path}`,
      why: 'Its threads were imported again from Codex; who posted what is only in there.',
      fix: `Remove it when nobody needs it: rm '${path}'`,
    })
  if (limitBytes > 0 && bytes !== null && bytes > limitBytes * 1.5)
    findings.push({
      level: 'warning',
      what: `the ledger has ${Math.round(bytes / 1024 / 1024)} MiB, the limit is ${limitBytes / 1024 / 1024}`,
      why: 'The oldest events should have gone by now.',
      fix: 'codex-share daemon restart',
    })
  if (findings.some(({ level }) => level !== 'note')) return findings
  return [ok(bytes === null ? 'none yet' : `${file}, ${Math.ceil(bytes / 1024)} KiB`), ...findings]
}

function beginsAsDatabase(file: string): boolean {
  const descriptor = openSync(file, 'r')
  try {
    const start = Buffer.alloc(15)
    readSync(descriptor, start, 0, start.length, 0)
    return start.toString('latin1') === 'SQLite format 3'
  } finally {
    closeSync(descriptor)
  }
}

function setAside(file: string): string[] {
  try {
    return readdirSync(dirname(file))
      .filter((name) => name.startsWith(`${basename(file)}.corrupt`))
      .map((name) => join(dirname(file), name))
  } catch {
    return [] // No data folder yet.
  }
}
