/** Admission: each thread has one slot, and whoever holds it has the thread's one active turn. The only place that decides. */
import { setTimeout as delay } from 'node:timers/promises'
import { ShareError } from '../protocol/errors.ts'
import type { Author } from '../protocol/events.ts'
import type { ActiveTurn } from '../protocol/methods.ts'

/** Milliseconds that a new turn waits for running ones to end, where somebody waits for that. */
const holdMs = 2000

interface Slot {
  /** Null from the reservation until Codex names the turn. */
  turnId: string | null
  /** The id under which Codex runs it, where that is another: a review's sub-turn. */
  runsAs: string | null
  readonly requestId: string | null
  readonly by: Author | null
  startedMs: number
  waitingOnApproval: boolean
}

export class TurnSlots {
  private readonly slots = new Map<string, Slot>()
  /** Of each thread the turn that ended last: the whole of a short turn can be read before the reply that names it is. */
  private readonly lastEnded = new Map<string, string>()
  private readonly freed = new Set<() => void>()
  /** Those who wait for a moment without a turn. */
  private held = 0
  private opened = Promise.withResolvers<void>()

  /**
   * Takes the slot for a submit, before anything is sent upstream.
   *
   * @throws ShareError `busy`, with the running turn as facts.
   */
  reserve(threadId: string, requestId: string, by: Author): void {
    const active = this.active(threadId)
    if (active) throw busyError(active)
    const startedMs = Date.now()
    this.slots.set(threadId, { turnId: null, runsAs: null, requestId, by, startedMs, waitingOnApproval: false })
  }

  /** Gives a reservation back that did not become a turn. */
  release(threadId: string, requestId: string): void {
    const slot = this.slots.get(threadId)
    if (slot?.requestId === requestId && slot.turnId === null) this.free(threadId)
  }

  /** Codex named the turn. A turn that nobody reserved (it was started past us) takes the slot with the author that is known. */
  started(threadId: string, turnId: string, startedMs: number, by: Author | null = null): void {
    const slot = this.slots.get(threadId)
    if (slot?.turnId === turnId || this.lastEnded.get(threadId) === turnId) return
    if (slot && slot.turnId === null) {
      slot.turnId = turnId
      slot.startedMs = startedMs
    } else this.slots.set(threadId, { turnId, runsAs: null, requestId: null, by, startedMs, waitingOnApproval: false })
  }

  /** Codex runs the turn under this id. */
  runs(threadId: string, turnId: string, as: string): void {
    const slot = this.slots.get(threadId)
    if (slot?.turnId === turnId) slot.runsAs = as
  }

  /** The id to interrupt the turn by: for that, and for that alone, Codex goes by the one that it runs under. */
  interruptIdOf(threadId: string, turnId: string): string {
    const slot = this.slots.get(threadId)
    return (slot?.turnId === turnId && slot.runsAs) || turnId
  }

  /** The turn is over; an older turn's end does not free the slot of a newer one. */
  ended(threadId: string, turnId: string): void {
    this.lastEnded.set(threadId, turnId)
    if (this.slots.get(threadId)?.turnId === turnId) this.free(threadId)
  }

  waiting(threadId: string, onApproval: boolean): void {
    const slot = this.slots.get(threadId)
    if (slot) slot.waitingOnApproval = onApproval
  }

  active(threadId: string): ActiveTurn | null {
    const slot = this.slots.get(threadId)
    if (!slot) return null
    const { turnId, by, startedMs, waitingOnApproval } = slot
    return { threadId, turnId, startedAt: new Date(startedMs).toISOString(), by, waitingOnApproval }
  }

  /** Whether the turn, if one runs, is this author's own. */
  isOwner(threadId: string, author: Author): boolean {
    const by = this.slots.get(threadId)?.by
    return by?.label === author.label && by.kind === author.kind && by.pid === author.pid
  }

  /** The turns that run, in all threads. */
  list(): ActiveTurn[] {
    return [...this.slots.keys()].flatMap((threadId) => this.active(threadId) ?? [])
  }

  /** Calls back whenever a slot was freed, until the returned function is called. */
  onFreed(callback: () => void): () => void {
    this.freed.add(callback)
    return () => this.freed.delete(callback)
  }

  /** Until the returned function is called, new turns of scripts wait a moment: else one follows the other, and none is ever the last. */
  hold(): () => void {
    this.held += 1
    return () => {
      this.held -= 1
      if (this.held > 0) return
      this.opened.resolve()
      this.opened = Promise.withResolvers()
    }
  }

  /** For who is about to reserve. Waits no longer than a moment: turns may run for hours. */
  async untilOpen(): Promise<void> {
    if (this.held > 0) await Promise.race([this.opened.promise, delay(holdMs, undefined, { ref: false })])
  }

  private free(threadId: string): void {
    this.slots.delete(threadId)
    for (const callback of [...this.freed]) callback()
  }

  get size(): number {
    return this.slots.size
  }
}

/** The refusal of a second submit, with all that is known of the turn that runs. */
export function busyError(active: ActiveTurn, { hint }: { readonly hint?: string } = {}): ShareError {
  const who = active.by ? ` by ${active.by.label}` : ''
  const waiting = active.waitingOnApproval ? ' and waits for an approval' : ''
  return new ShareError('busy', `a turn has been running since ${active.startedAt}${who}${waiting}`, {
    facts: { ...active },
    ...(hint === undefined ? {} : { hint }),
  })
}
