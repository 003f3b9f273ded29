/** Each thread has one slot, held by its one active turn. This keeps the state of every slot; the rules are in `admission`. */
import { isDoneWithin } from '../../platform/time/within.ts'
import type { Author } from '../../protocol/events.ts'
import type { ActiveTurn } from '../../protocol/methods.ts'
import {
  after,
  afterTaking,
  freeSlot,
  type HeldSlot,
  judge,
  type SlotFact,
  type SlotRequest,
  type SlotState,
} from './admission.ts'

/** Milliseconds that a new turn waits for running ones to end, where somebody waits for that. */
const holdMs = 2000

/** A verdict, with the turn that stands in the way. */
export type Admission =
  | { readonly is: 'taken' | 'passes' | 'denied' }
  | { readonly is: 'same' | 'busy' | 'notSteerable'; readonly active: ActiveTurn }

export class TurnSlots {
  private readonly states = new Map<string, SlotState>()
  private readonly freed = new Set<() => void>()
  /** Those who wait for a moment without a turn. */
  private held = 0
  private opened = Promise.withResolvers<void>()

  /** Whether this may be done now. Takes the slot where the answer is `taken`: to be called just before the request is sent. */
  admit(threadId: string, request: SlotRequest): Admission {
    const admission = this.judge(threadId, request)
    if (admission.is === 'taken' && 'requestId' in request)
      this.states.set(threadId, afterTaking(this.state(threadId), request, Date.now()))
    return admission
  }

  /** As `admit`, and changes nothing. */
  judge(threadId: string, request: SlotRequest): Admission {
    const verdict = judge(this.state(threadId), request)
    return 'held' in verdict ? { is: verdict.is, active: activeTurn(threadId, verdict.held) } : verdict
  }

  /** Gives a reservation back that did not become a turn. */
  release(threadId: string, requestId: string): void {
    this.note(threadId, { is: 'cameToNothing', requestId })
  }

  /** The reply to the request names its turn. */
  onNamed(threadId: string, requestId: string, turnId: string): void {
    this.note(threadId, { is: 'named', requestId, turnId, atMs: Date.now() })
  }

  /** Codex runs a turn. One that nobody reserved (it was started past us) takes the slot with the author that is known. */
  onTurnStarted(threadId: string, turnId: string, atMs: number, by: Author | null = null): void {
    this.note(threadId, { is: 'started', turnId, atMs, by })
  }

  /** Codex runs the turn under this id. */
  runs(threadId: string, turnId: string, as: string): void {
    this.note(threadId, { is: 'runs', turnId, as })
  }

  /** The turn is over. */
  onTurnEnded(threadId: string, turnId: string): void {
    this.note(threadId, { is: 'ended', turnId })
  }

  waiting(threadId: string, onApproval: boolean): void {
    this.note(threadId, { is: 'waiting', onApproval })
  }

  /** The request that has the slot, where its turn is not known yet. */
  reservationIn(threadId: string): string | null {
    const state = this.state(threadId)
    return state.is === 'reserved' ? state.requestId : null
  }

  /** Whether the request has the slot, and its turn is not known yet. */
  isReserved(threadId: string, requestId: string): boolean {
    return this.reservationIn(threadId) === requestId
  }

  /** The id to interrupt the turn by: for that, and for that alone, Codex goes by the one that it runs under. */
  interruptIdOf(threadId: string, turnId: string): string {
    const state = this.state(threadId)
    return (state.is === 'running' && state.turnId === turnId && state.runsAs) || turnId
  }

  active(threadId: string): ActiveTurn | null {
    const state = this.state(threadId)
    return state.is === 'free' ? null : activeTurn(threadId, state)
  }

  /** The turns that run, in all threads. */
  list(): ActiveTurn[] {
    return [...this.states.keys()].flatMap((threadId) => this.active(threadId) ?? [])
  }

  get size(): number {
    return this.list().length
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

  /** For who is about to take a slot. Waits no longer than a moment: turns may run for hours. */
  async untilOpen(): Promise<void> {
    if (this.held > 0) await isDoneWithin(holdMs, this.opened.promise)
  }

  private state(threadId: string): SlotState {
    return this.states.get(threadId) ?? freeSlot
  }

  private note(threadId: string, fact: SlotFact): void {
    const before = this.state(threadId)
    const state = after(before, fact)
    this.states.set(threadId, state)
    if (before.is !== 'free' && state.is === 'free') for (const callback of [...this.freed]) callback()
  }
}

function activeTurn(threadId: string, held: HeldSlot): ActiveTurn {
  const { by, startedMs, waitingOnApproval } = held
  const turnId = held.is === 'running' ? held.turnId : null
  return { threadId, turnId, startedAt: new Date(startedMs).toISOString(), by, waitingOnApproval }
}
