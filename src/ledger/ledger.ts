/** The durable record of shared threads: one SQLite file, held by one daemon. */
import type { Database } from 'better-sqlite3'
import { EventStore } from './event-store.ts'
import { Forgetting } from './forget/forgetting.ts'
import { scrub } from './forget/scrub.ts'
import { FormerFile } from './former-file.ts'
import { type Clocks, LedgerClock } from './ledger-clock.ts'
import { closeLedgerFile, openLedgerFile } from './open-ledger.ts'
import { QueueStore } from './queue-store.ts'
import { Retention } from './retention/retention.ts'
import { Soundness } from './soundness.ts'
import { ThreadStore } from './thread-store.ts'
import { TurnStore } from './turn-store.ts'

export interface Ledger {
  readonly file: string
  /** The database itself, for the tests to make it fail. */
  readonly db: Database
  /** Where a corrupt predecessor was put, when this opening found one. */
  readonly setAside: string | undefined
  /** The machine went down unclean: the last events of any thread may be missing. */
  readonly crashed: boolean
  readonly threads: ThreadStore
  readonly turns: TurnStore
  readonly queue: QueueStore
  readonly events: EventStore
  readonly retention: Retention
  readonly forgetting: Forgetting
  readonly soundness: Soundness
  /** See `scrub`. */
  scrub(): void
  readonly former: FormerFile
  /** Notes a clean end, where it can be written, and frees the lock. */
  close(): void
}

/**
 * Opens the ledger, or makes it. `clocks` are the machine's, unless a test has its own.
 *
 * @throws ShareError `conflict` when another process has it; `unavailable` when the file cannot be used.
 */
export function openLedger(file: string, clocks?: Clocks): Ledger {
  return openLedgerFile(file, ({ db, setAside, crashed, idBase }) => {
    const threads = new ThreadStore(db, idBase)
    const turns = new TurnStore(db, threads)
    const soundness = new Soundness(db)
    const clock = new LedgerClock(db, clocks)
    const events = new EventStore({ db, threads, turns, soundness, clock })
    return {
      file,
      db,
      setAside,
      crashed,
      threads,
      turns,
      queue: new QueueStore(db),
      events,
      retention: new Retention(db, threads, clock),
      forgetting: new Forgetting(db, threads, events),
      soundness,
      scrub: () => scrub(db),
      former: new FormerFile(db, file),
      close: () => closeLedgerFile(db, () => threads.saveHeads()),
    }
  })
}
