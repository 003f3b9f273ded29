/** The time that ages in the ledger are measured by: that of the newest event, which a wrong clock of the machine does not move at once. */
import type { Database } from 'better-sqlite3'
import { readMeta, writeMeta } from './meta.ts'

export interface Clocks {
  /** Milliseconds since 1970, as the machine says: right most of the time. */
  readonly wallMs: () => number
  /** Milliseconds that the daemon has been up: no setting of the clock changes them. */
  readonly upMs: () => number
}

const dayMs = 86_400_000
const longestLeapMs = 7 * dayMs

const machineClocks: Clocks = { wallMs: () => Date.now(), upMs: () => performance.now() }

/**
 * Goes with the newest event, and never ahead of the machine's clock, so that one event from the future makes nobody old. A leap by more
 * than a tenth of the age that is asked about (a week at most) may be a clock that is wrong, events dated by it included: it counts once
 * the daemon has been up for a day with it. Until then less is old than should be.
 */
export class LedgerClock {
  private readonly db: Database
  private readonly clocks: Clocks
  private newestMs: number
  /** What was believed last; null in a ledger that has nothing yet. */
  private believedMs: number | null
  /** How long the daemon has been up since the leap that is not believed yet. */
  private leaptMs: number
  private askedAtMs: number

  constructor(db: Database, clocks = machineClocks) {
    this.db = db
    this.clocks = clocks
    const newestMs = db.prepare<[], number | null>('SELECT max(updated_ms) FROM threads').pluck().get() ?? null
    this.newestMs = newestMs ?? 0
    const saved = readMeta(db, 'clock')
    this.believedMs = saved === undefined ? newestMs && Math.min(newestMs, clocks.wallMs()) : Number(saved)
    this.leaptMs = Number(readMeta(db, 'leapt') ?? 0)
    this.askedAtMs = clocks.upMs()
  }

  /** An event was recorded. */
  saw(atMs: number): void {
    if (atMs > this.newestMs) this.newestMs = atMs
  }

  /** Milliseconds since 1970, for finding what is older than `ageMs`. */
  now(ageMs: number): number {
    const upMs = this.clocks.upMs()
    const sinceMs = upMs - this.askedAtMs
    this.askedAtMs = upMs
    const seenMs = Math.min(this.newestMs, this.clocks.wallMs())
    const believedMs = this.believedMs ?? seenMs
    const leaps = seenMs - believedMs > Math.min(ageMs / 10, longestLeapMs)
    const leaptMs = leaps ? this.leaptMs + sinceMs : 0
    if (leaps && leaptMs < dayMs) {
      this.leaptMs = leaptMs
      this.note('leapt', leaptMs)
      return believedMs
    }
    if (this.leaptMs > 0) this.note('leapt', 0)
    this.leaptMs = 0
    // A clock that went back counts for as long as it is back, and is not kept.
    this.believedMs = Math.max(seenMs, believedMs)
    if (seenMs > believedMs) this.note('clock', seenMs)
    return seenMs
  }

  private note(name: 'clock' | 'leapt', ms: number): void {
    writeMeta(this.db, name, String(Math.floor(ms)))
  }
}
