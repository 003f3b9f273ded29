/** Tells a stored turn as the notifications that somebody who had followed it would have got. Pure. */
import { decodeNotification, type UpstreamNotification } from '../decoding/decode-notification.ts'
import type { ThreadItem, Turn } from '../decoding/upstream-types.ts'
import type { RootTurn } from './root-turns.ts'

/**
 * `turn/started`, `item/completed` for every item that came to its end, and `turn/completed` unless the turn still runs. Ids are
 * the live ones, and so are the times, as close as the history allows. They never go backwards within the turn.
 *
 * An item without a time of completion did not come to its end, except in an ended turn whose items have no times at all: that is
 * history from before Codex recorded them.
 */
export function eventsOfTurn(threadId: string, turn: RootTurn): UpstreamNotification[] {
  const hasEnded = turn.status !== 'inProgress'
  const started = timeOfStart(turn)
  let clock = started
  const notBefore = (ms: number | null | undefined) => {
    clock = Math.max(clock, ms ?? clock)
    return clock
  }
  const events = [decodeNotification('turn/started', { threadId, turn: asStarted(turn) }, notBefore(started))]
  for (const item of turn.items) {
    if (!isCompleted(item, hasEnded)) continue
    const atMs = notBefore(item.completedAtMs)
    const params = { item, threadId, turnId: turn.id, contentTokenCount: null, completedAtMs: atMs }
    events.push(decodeNotification('item/completed', params, atMs))
  }
  if (hasEnded) {
    const ended = turn.durationMs === null ? inMs(turn.completedAt) : started + turn.durationMs
    const params = { threadId, turn: asCompleted(turn) }
    events.push(decodeNotification('turn/completed', params, notBefore(ended)))
  }
  return events
}

function isCompleted(item: ThreadItem, turnHasEnded: boolean): boolean {
  const isTimed = typeof item.startedAtMs === 'number' || typeof item.completedAtMs === 'number'
  return isTimed ? typeof item.completedAtMs === 'number' : turnHasEnded
}

/** The turn in the form it has in `turn/started`. */
function asStarted({ runsAs, ...turn }: RootTurn): Turn {
  return {
    ...turn,
    id: runsAs ?? turn.id,
    items: [],
    itemsView: 'notLoaded',
    status: 'inProgress',
    error: null,
    completedAt: null,
    durationMs: null,
  }
}

/** The turn in the form it has in `turn/completed`, where of its items only the last answer is given. */
function asCompleted({ runsAs: _started, ...turn }: RootTurn): Turn {
  const answer = turn.items.findLast((item) => item.type === 'agentMessage')
  return { ...turn, items: answer ? [answer] : [], itemsView: 'summary' }
}

/** Stored to the second only; the id of the turn, a UUIDv7, has the milliseconds, and is made just before the turn starts. */
function timeOfStart(turn: Turn): number {
  const stored = inMs(turn.startedAt) ?? turn.items[0]?.startedAtMs
  const named = timeOfUuid7(turn.id)
  if (stored === undefined || stored === null) return named ?? 0
  // An id made long before, or by somebody else's clock, would be a worse guess than the whole second.
  return named !== undefined && named >= stored && named < stored + 1000 ? named : stored
}

function timeOfUuid7(id: string): number | undefined {
  const digits = /^([0-9a-f]{8})-([0-9a-f]{4})-7/i.exec(id)
  return digits ? Number.parseInt(`${digits[1]}${digits[2]}`, 16) : undefined
}

function inMs(seconds: number | null): number | undefined {
  return seconds === null ? undefined : seconds * 1000
}
