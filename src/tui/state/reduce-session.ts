/** Reduces the events of a thread to the state of its session: turn, tokens, name, settings. */
import type { ShareEvent } from '../../protocol/events.ts'
import { numberOf, objectOf, textOf } from '../../protocol/json/read-json.ts'
import { forgottenMethod } from '../../protocol/own-events.ts'
import type { Session } from './session.ts'

/** The session after a batch of events that are new. */
export function reduceSession(session: Session, events: readonly ShareEvent[]): Session {
  let next = session
  for (const event of events) next = reduceSessionEvent(next, event)
  return next
}

function reduceSessionEvent(session: Session, { method, params, turnId, at, by }: ShareEvent): Session {
  switch (method) {
    case 'turn/started':
      return { ...session, turn: { turnId, startedAtMs: Date.parse(at), by: by?.label ?? session.turn?.by ?? null } }
    case 'turn/completed':
      // A look-alike of a sub-agent's thread does not end the turn; one that is not known yet does.
      return session.turn?.turnId === null || session.turn?.turnId === turnId ? { ...session, turn: null } : session
    case forgottenMethod:
      return params.status !== undefined && session.turn?.turnId === turnId ? { ...session, turn: null } : session
    case 'item/completed':
      if (objectOf(params.item).type !== 'userMessage' || !session.turn || session.turn.by !== null || !by)
        return session
      return { ...session, turn: { ...session.turn, by: by.label } }
    case 'thread/tokenUsage/updated':
      return { ...session, tokens: numberOf(objectOf(objectOf(params.tokenUsage).total).totalTokens) ?? session.tokens }
    case 'thread/name/updated':
      return { ...session, threadName: textOf(params.threadName) || session.threadName }
    default:
      return session
  }
}
