/** Remembers whether every page of the ledger is still to be read, and what was found when it was. */
import type { Database } from 'better-sqlite3'
import { readMeta, removeMeta, writeMeta } from './meta.ts'

export class Soundness {
  private readonly db: Database
  private due: boolean
  private found: string | null
  private lastAt: string | null
  /** Called when it becomes due. */
  onDue: (() => void) | undefined

  constructor(db: Database) {
    this.db = db
    this.due = readMeta(db, 'unchecked') === 'yes'
    this.found = readMeta(db, 'damage') ?? null
    this.lastAt = readMeta(db, 'checked') ?? null
  }

  /** After a crash of the machine, or a read that failed, until the check was done once. */
  get checkIsDue(): boolean {
    return this.due
  }

  /** What SQLite complained about, or null. */
  get damage(): string | null {
    return this.found
  }

  /** When every page was last read while the daemon served, in RFC 3339. */
  get checkedAt(): string | null {
    return this.lastAt
  }

  /** A page could not be read or written. */
  suspect(): void {
    if (this.due || this.found !== null) return
    this.due = true
    // A damaged file may refuse this, too. The check is made all the same.
    tryTo(() => writeMeta(this.db, 'unchecked', 'yes'))
    this.onDue?.()
  }

  /** Every page was read; `found` is null when all are whole. */
  onChecked(found: string | null): void {
    this.due = false
    this.found = found
    const at = new Date().toISOString()
    this.lastAt = at
    tryTo(() =>
      this.db.transaction(() => {
        removeMeta(this.db, 'unchecked')
        writeMeta(this.db, 'checked', at)
        if (found === null) removeMeta(this.db, 'damage')
        else writeMeta(this.db, 'damage', found)
      })(),
    )
  }
}

function tryTo(write: () => void): void {
  try {
    write()
  } catch {
    // A full disk, or the damage itself: the next daemon checks again.
  }
}
