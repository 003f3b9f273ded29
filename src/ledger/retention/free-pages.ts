/** Gives pages of the ledger's file that hold nothing back to the disk, a few at a time. */
import type { Database } from 'better-sqlite3'

/** Pages that one step moves: some milliseconds. */
const pagesPerStep = 16
/** What stays free: what is deleted and what is written keep each other in balance most of the time, and moving pages is work for nothing then. */
const sparePages = 256
const spareShare = 1 / 16

export class FreePages {
  private readonly db: Database

  constructor(db: Database) {
    this.db = db
  }

  /** Bytes of the file that hold something. */
  usedBytes(): number {
    return (this.pragma('page_count') - this.pragma('freelist_count')) * this.pragma('page_size')
  }

  /** Yields after each step, always 0. A file that was not made for it, by an older program, stays as large as it was. */
  *giveBack(): Generator<number, void> {
    if (this.pragma('auto_vacuum') !== incremental) return
    const spare = Math.max(
      sparePages,
      Math.floor((this.pragma('page_count') - this.pragma('freelist_count')) * spareShare),
    )
    // Not at once when there is a little more: half as much again makes it worth while.
    if (this.pragma('freelist_count') <= spare * 1.5) return
    for (let free = this.pragma('freelist_count'); free > spare; ) {
      this.db.pragma(`incremental_vacuum(${Math.min(pagesPerStep, free - spare)})`)
      yield 0
      const left = this.pragma('freelist_count')
      if (left >= free) return
      free = left
    }
  }

  private pragma(name: string): number {
    return Number(this.db.pragma(name, { simple: true }))
  }
}

/** As `PRAGMA auto_vacuum` names it. */
const incremental = 2
