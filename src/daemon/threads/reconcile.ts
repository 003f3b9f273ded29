/** Works out what the ledger missed of a thread while nobody was listening, from the turns that Codex has stored. Pure. */
import { decodeNotification, type UpstreamNotification } from '../../codex/decoding/decode-notification.ts'
import { eventsOfTurn } from '../../codex/threads/events-of-turn.ts'
import type { RootTurn } from '../../codex/threads/root-turns.ts'

/** What the ledger has of a turn. */
export interface KnownTurn {
  readonly started: boolean
  readonly ended: boolean
  /** Items whose `item/completed` is recorded. */
  readonly completedItems: ReadonlySet<string>
}

export interface ReconcileOptions {
  readonly threadId: string
  /** Oldest first. */
  readonly turns: readonly RootTurn[]
  readonly known: (turnId: string) => KnownTurn
  /** The thread was not shared before: these turns are its history, and end as Codex says. */
  readonly isHistory: boolean
}

/** The events to append, oldest first, so that the ledger has of these turns what Codex has. */
export function missingEvents({ threadId, turns, known, isHistory }: ReconcileOptions): UpstreamNotification[] {
  return turns.flatMap((turn) => {
    const { started, ended, completedItems } = known(turn.id)
    if (ended) return []
    const asItEnded = isHistory || isCopied(turn, threadId) ? turn : asFailed(turn)
    return eventsOfTurn(threadId, asItEnded).filter(({ effect, itemId }) => {
      if (effect.kind === 'turnStarted') return !started
      if (effect.kind === 'itemCompleted') return itemId === null || !completedItems.has(itemId)
      return true
    })
  })
}

/** A fork has the turns of the thread that it came from, one that ran there as interrupted. Ids are UUIDv7, which go up with the time. */
function isCopied({ id }: RootTurn, threadId: string): boolean {
  return id < threadId
}

/**
 * Codex calls a turn whose process was killed `interrupted`, as if a person had stopped it, and never dates its end; and so it calls
 * one that it is about to run, when it is asked right then.
 */
export function hasNoEnd(turn: RootTurn): boolean {
  return turn.status === 'interrupted' && turn.completedAt === null
}

/** Nobody stopped it: it failed, and its submitter must see that, also when its process died before we heard of its start. */
function asFailed(turn: RootTurn): RootTurn {
  if (!hasNoEnd(turn)) return turn
  const error = {
    message: 'The Codex app-server ended while this turn ran.',
    codexErrorInfo: null,
    additionalDetails: null,
    misalignment: null,
  }
  return { ...turn, status: 'failed', error }
}

export interface LostTurn {
  readonly threadId: string
  readonly turnId: string
  readonly isStarted: boolean
  /** Why it will never end by itself. */
  readonly message: string
}

/** What is still to be recorded, now, of a turn that Codex took and has nothing of. */
export function endOfLostTurn({ threadId, turnId, isStarted, message }: LostTurn): UpstreamNotification[] {
  const of = (method: string, more: object) => {
    const turn = { id: turnId, items: [], itemsView: 'notLoaded', error: null, ...more }
    return decodeNotification(method, { threadId, turn }, Date.now())
  }
  const error = { message, codexErrorInfo: null, additionalDetails: null }
  const end = of('turn/completed', { status: 'failed', error })
  return isStarted ? [end] : [of('turn/started', { status: 'inProgress' }), end]
}

/** The thread was taken back to an earlier turn; Codex does not say which. */
export function revertOf(threadId: string): UpstreamNotification {
  return decodeNotification('thread/reverted', { threadId }, Date.now())
}
