/** What appending needs to know of a thread, as a value: an append computes the next one, which takes its place once it is written. */
import { effectKindOf } from '../protocol/notifications.ts'
import type { NewEvent } from './event-text.ts'

/** A thread's place in the tables, and the counters that every append reads and moves. */
export interface ThreadCounters {
  readonly threadId: string
  readonly key: number
  /** The id that the next event gets. */
  readonly nextId: number
  /** What the thread's row says in its place: never less, so that no id is given twice whenever we end. */
  readonly savedId: number
  /** Events up to this id are gone. */
  readonly prunedTo: number
  /** How many of its events are in the ledger, but for deltas: those go again. */
  readonly events: number
  /** Items of running turns that have deltas in the ledger, each with the id of the first. */
  readonly growing: ReadonlyMap<string, number>
}

/** How far a thread's row runs ahead of it while only deltas come: so many ids are skipped when the daemon is killed then. */
const idsAhead = 1000

/** Counts the events of one append to a thread; the counters before it stay as they are. */
export class CountedAppend {
  readonly before: ThreadCounters
  /** Time of the newest event of a turn. */
  latestMs = 0
  private nextId: number
  private lasting = 0
  private readonly grown = new Map<string, number>()
  private readonly completed: string[] = []

  constructor(before: ThreadCounters) {
    this.before = before
    this.nextId = before.nextId
  }

  /** @returns the event's id, and the item that it is a delta of */
  count(event: NewEvent): { readonly id: number; readonly deltaOf: string | null } {
    const id = this.nextId
    this.nextId = id + 1
    const effectKind = effectKindOf(event.method)
    const deltaOf = effectKind === 'itemGrew' ? event.itemId : null
    if (deltaOf === null) this.lasting += 1
    else if (this.firstDelta(deltaOf) === undefined) this.grown.set(deltaOf, id)
    if (effectKind === 'itemCompleted' && event.itemId !== null && this.firstDelta(event.itemId) !== undefined)
      this.completed.push(event.itemId)
    // What Codex says of the thread as such, as on every restart, does not make it the one that was used last.
    if (event.turnId !== null) this.latestMs = Math.max(this.latestMs, event.atMs)
    return { id, deltaOf }
  }

  /** Items that are complete now, each with the id of its first delta: the deltas go. */
  get dropped(): readonly { readonly itemId: string; readonly from: number }[] {
    return this.completed.map((itemId) => ({ itemId, from: this.firstDelta(itemId) ?? this.nextId }))
  }

  /** Whether the thread's row is to be written. Deltas come most often by far: for them it is only once in so many ids. */
  get isRowDue(): boolean {
    return this.lasting > 0 || this.nextId > this.before.savedId
  }

  get after(): ThreadCounters {
    const { before, nextId } = this
    const ahead = this.lasting > 0 ? 0 : idsAhead
    return {
      ...before,
      nextId,
      savedId: this.isRowDue ? nextId + ahead : before.savedId,
      events: before.events + this.lasting,
      growing: this.growing(),
    }
  }

  private growing(): ReadonlyMap<string, number> {
    const { before, grown, completed } = this
    if (grown.size === 0 && completed.length === 0) return before.growing
    const growing = new Map([...before.growing, ...grown])
    for (const itemId of completed) growing.delete(itemId)
    return growing
  }

  private firstDelta(itemId: string): number | undefined {
    return this.before.growing.get(itemId) ?? this.grown.get(itemId)
  }
}
