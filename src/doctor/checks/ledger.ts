/** Checks that the ledger is whole, and of a sane size. */
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { formerLedgers, ledgerBytes, ledgersPutAside } from '../../platform/places/ledger-files.ts'
import type { DaemonStatus } from '../../protocol/status.ts'
import { shellWord } from '../../protocol/text/shell-word.ts'
import type { Check, DoctorContext } from '../check.ts'
import { examineLedger, type LedgerExamination } from '../examine-ledger.ts'
import { type Finding, ok } from '../finding.ts'
import { keptFreeBytes } from '../free-room.ts'

const mega = 1024 * 1024
/** Above this every page is read only when asked for. */
const quickBytes = 256 * mega
/** Less than this is soon used again. */
const notableFreeBytes = 64 * mega
/** Above this it takes long enough for a notice. */
const slowBytes = 64 * mega

export const ledger: Check = {
  name: 'Ledger',
  async run(context) {
    const { places, daemon, settings } = context
    const { ledgerFile } = places
    const bytes = ledgerBytes(ledgerFile)
    const isEmpty = bytes === null || statSync(ledgerFile).size === 0
    const isDatabase = isEmpty || beginsAsDatabase(ledgerFile)
    return judgeLedger({
      file: ledgerFile,
      bytes,
      isDatabase,
      pages: isEmpty || !isDatabase ? { state: 'whole' } : await readPages(context, bytes),
      setAside: ledgersPutAside(ledgerFile),
      former: formerLedgers(ledgerFile),
      problem: daemon.state === 'running' ? daemon.status.ledger.problem : null,
      damage: daemon.state === 'running' ? damageIn(daemon.status) : null,
      limitBytes: settings.retention.megabytes * mega,
      keptFreeBytes: isEmpty ? 0 : keptFreeBytes(ledgerFile),
    })
  },
}

async function readPages({ places, deep, notice, signal }: DoctorContext, bytes: number): Promise<Pages> {
  if (bytes > quickBytes && !deep) return { state: 'large' }
  if (bytes > slowBytes) notice(`Reading every page of the ledger (${Math.round(bytes / mega)} MiB)…`)
  return await examineLedger(places.ledgerFile, { signal })
}

/** `large`: left out, since it would take long. */
type Pages = LedgerExamination | { readonly state: 'large' }

interface LedgerFacts {
  readonly file: string
  /** Null when there is none. */
  readonly bytes: number | null
  readonly isDatabase: boolean
  readonly pages: Pages
  /** Corrupt ledgers that were put aside. */
  readonly setAside: readonly string[]
  /** Ledgers as they were before an update of the program. */
  readonly former: readonly string[]
  /** What the daemon says is wrong. */
  readonly problem: string | null
  /** What the daemon found when it read every page. */
  readonly damage: string | null
  /** 0 for none. */
  readonly limitBytes: number
  /** What holds nothing, and is not given back to the disk. */
  readonly keptFreeBytes: number
}

export function judgeLedger({
  file,
  bytes,
  isDatabase,
  pages,
  setAside,
  former,
  problem,
  damage,
  limitBytes,
  keptFreeBytes,
}: LedgerFacts): Finding[] {
  const seen: Pages = damage === null || pages.state === 'damaged' ? pages : { state: 'damaged', found: damage }
  const findings = judgePages(file, seen)
  // What the daemon says of a damaged page is no more than that.
  if (problem !== null && seen.state !== 'damaged')
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
      fix: `Remove it when nobody needs it: rm ${shellWord(path)}`,
    })
  for (const path of former)
    findings.push({
      level: 'note',
      what: `the ledger as it was before an update is kept: ${path}`,
      why: 'It is the way back to the older program, and is removed once the daemon has been up for a day.',
      fix: `Remove it sooner when its room is needed: rm ${shellWord(path)}`,
    })
  if (keptFreeBytes > notableFreeBytes)
    findings.push({
      level: 'note',
      what: `${Math.round(keptFreeBytes / mega)} MiB of the ledger hold nothing any more`,
      why: 'An older program made the file: its room is used again, and not given back before it was written whole once. Nothing is served meanwhile.',
      fix: 'codex-share daemon restart --check-ledger',
    })
  if (limitBytes > 0 && bytes !== null && bytes > limitBytes * 1.5)
    findings.push({
      level: 'warning',
      what: `the ledger has ${Math.round(bytes / mega)} MiB, the limit is ${limitBytes / mega}`,
      why: 'The oldest events should have gone by now.',
      fix: 'codex-share daemon restart',
    })
  if (findings.some(({ level }) => level !== 'note')) return findings
  return [ok(bytes === null ? 'none yet' : `${file}, ${Math.ceil(bytes / 1024)} KiB`), ...findings]
}

function damageIn({ ledger: { checked } }: DaemonStatus): string | null {
  return checked?.state === 'damaged' ? checked.why : null
}

function judgePages(file: string, pages: Pages): Finding[] {
  switch (pages.state) {
    case 'whole':
      return []
    case 'large':
      return [
        {
          level: 'note',
          what: 'it is large: whether every page of it is whole was not looked at',
          why: 'A damaged page is noticed only when it is read.',
          fix: 'codex-share doctor --deep',
        },
      ]
    case 'damaged':
      return [
        {
          level: 'problem',
          what: `the ledger ${file} is damaged: ${pages.found}`,
          why: 'Events in it cannot be read back, and new ones may not be recorded.',
          // Codex has the conversation itself; who posted what is only in the file that is put aside.
          fix: 'codex-share daemon restart --check-ledger',
        },
      ]
    case 'unknown':
      return [
        {
          level: 'warning',
          what: `whether every page of ${file} is whole could not be looked at: ${pages.why}`,
          why: 'A damaged page is noticed only when it is read.',
          fix: pages.fix,
        },
      ]
    default:
      return pages satisfies never
  }
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
