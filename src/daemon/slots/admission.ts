/** The rules of a thread's one slot: what each request and each word of Codex's does in each state. Pure. */
import type { Author } from '../../protocol/events.ts'

interface Held {
  /** Names the request that took the slot; null where nobody here asked for the turn. */
  readonly requestId: string | null
  readonly by: Author | null
  readonly startedMs: number
  readonly waitingOnApproval: boolean
}

interface Remembered {
  /** The turn that ended last: the whole of a short turn can be read before the reply that names it is. */
  readonly lastEnded: string | null
}

export type SlotState = Remembered &
  (
    | { readonly is: 'free' }
    /** From just before the request is sent until Codex names the turn. */
    | ({ readonly is: 'reserved'; readonly requestId: string } & Held)
    | ({
        readonly is: 'running'
        readonly turnId: string
        /** The id under which Codex runs it, where that is another: a review's sub-turn. */
        readonly runsAs: string | null
      } & Held)
  )

export type HeldSlot = Exclude<SlotState, { readonly is: 'free' }>

/** Why the running turn is somebody's own: they are its author, or they know its id from having begun it. */
export type SlotClaim = { readonly by: Author } | { readonly ownTurnId: string | null }

/** What somebody wants to do. */
export type SlotRequest =
  /** A prompt, a review, a compaction: a turn of its own. */
  | { readonly is: 'begin'; readonly requestId: string; readonly by: Author }
  /** A shell command of a person's: a turn of its own where none runs, else part of the one that does. */
  | { readonly is: 'beginOrJoin'; readonly requestId: string; readonly by: Author }
  /** Steering another's turn cuts their answer short: that takes an outright wish. */
  | { readonly is: 'steer'; readonly claim: SlotClaim; readonly isAskedFor: boolean }
  | { readonly is: 'interrupt'; readonly claim: SlotClaim; readonly mayTouchOthers: boolean }

/** What became of it. */
export type SlotFact =
  /** The reply to the request names its turn. */
  | { readonly is: 'named'; readonly requestId: string; readonly turnId: string; readonly atMs: number }
  /** Codex runs a turn. `by` is for one that nobody reserved: it was started past us, or before this daemon ran. */
  | { readonly is: 'started'; readonly turnId: string; readonly atMs: number; readonly by: Author | null }
  | { readonly is: 'runs'; readonly turnId: string; readonly as: string }
  | { readonly is: 'waiting'; readonly onApproval: boolean }
  | { readonly is: 'ended'; readonly turnId: string }
  /** No turn came of the request: it was refused, was not sent, or Codex is idle. */
  | { readonly is: 'cameToNothing'; readonly requestId: string }

/** The slot is taken; the request goes on to Codex without it; the turn is the request's own already; or why it may not go on. */
export type Verdict =
  | { readonly is: 'taken' | 'passes' | 'denied' }
  | { readonly is: 'same' | 'busy' | 'notSteerable'; readonly held: HeldSlot }

export const freeSlot: SlotState = { is: 'free', lastEnded: null }

/** Whether the request may go on. The state stays; after `taken` it is to be what `afterTaking` says. */
export function judge(state: SlotState, request: SlotRequest): Verdict {
  switch (request.is) {
    case 'begin':
      if (state.is === 'free') return { is: 'taken' }
      return { is: state.requestId === request.requestId ? 'same' : 'busy', held: state }
    case 'beginOrJoin':
      if (state.is === 'free') return { is: 'taken' }
      // What is on its way would become part of the command's turn, if the command came first.
      return state.is === 'running' ? { is: 'passes' } : { is: 'busy', held: state }
    case 'steer':
      if (state.is === 'free' || request.isAskedFor || isOwn(state, request.claim)) return { is: 'passes' }
      return { is: 'notSteerable', held: state }
    case 'interrupt':
      return { is: request.mayTouchOthers || isOwn(state, request.claim) ? 'passes' : 'denied' }
  }
}

export function afterTaking(
  { lastEnded }: SlotState,
  request: { readonly requestId: string; readonly by: Author },
  startedMs: number,
): SlotState {
  const { requestId, by } = request
  return { is: 'reserved', lastEnded, requestId, by, startedMs, waitingOnApproval: false }
}

/** The state after a fact; the same object where it changes nothing. */
export function after(state: SlotState, fact: SlotFact): SlotState {
  switch (fact.is) {
    case 'named':
      return afterNamed(state, fact)
    case 'started':
      return afterStarted(state, fact)
    case 'runs':
      return state.is === 'running' && state.turnId === fact.turnId ? { ...state, runsAs: fact.as } : state
    case 'waiting':
      return state.is === 'free' ? state : { ...state, waitingOnApproval: fact.onApproval }
    case 'ended': {
      // An older turn's end does not free the slot of a newer one.
      const isOver = state.is === 'running' && state.turnId === fact.turnId
      return isOver ? { is: 'free', lastEnded: fact.turnId } : { ...state, lastEnded: fact.turnId }
    }
    case 'cameToNothing':
      return state.is === 'reserved' && state.requestId === fact.requestId ? freed(state) : state
  }
}

function afterNamed(state: SlotState, fact: Extract<SlotFact, { is: 'named' }>): SlotState {
  // A turn that began and ended before its reply was read left the slot to others.
  if (state.is === 'free' || state.requestId !== fact.requestId) return state
  if (state.is === 'running') return state.turnId === fact.turnId ? state : running(state, fact)
  // A review that is interrupted at once has an end and no beginning.
  return state.lastEnded === fact.turnId ? freed(state) : running(state, fact)
}

function afterStarted(state: SlotState, fact: Extract<SlotFact, { is: 'started' }>): SlotState {
  if (state.lastEnded === fact.turnId || (state.is === 'running' && state.turnId === fact.turnId)) return state
  if (state.is === 'reserved') return running(state, fact)
  const { lastEnded } = state
  return running({ lastEnded, requestId: null, by: fact.by, waitingOnApproval: false, startedMs: fact.atMs }, fact)
}

function running(
  { lastEnded, requestId, by, waitingOnApproval }: Held & Remembered,
  { turnId, atMs }: { readonly turnId: string; readonly atMs: number },
): SlotState {
  return { is: 'running', lastEnded, requestId, by, waitingOnApproval, startedMs: atMs, turnId, runsAs: null }
}

function freed({ lastEnded }: Remembered): SlotState {
  return { is: 'free', lastEnded }
}

function isOwn(state: SlotState, claim: SlotClaim): boolean {
  if (state.is === 'free') return false
  if ('ownTurnId' in claim) return state.is === 'running' && state.turnId === claim.ownTurnId
  const { by } = state
  return by?.label === claim.by.label && by.kind === claim.by.kind && by.pid === claim.by.pid
}
