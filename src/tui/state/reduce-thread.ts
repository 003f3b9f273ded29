/** Reduces what happens in the open thread: its events, who is there, and another thread in its place. Pure. */
import type { ShareEvent } from '../../protocol/events.ts'
import { objectOf } from '../../protocol/json/read-json.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { onSubmissionArrived } from './reduce-prompt.ts'
import { reduceSession } from './reduce-session.ts'
import { reduceEvents } from './transcript/reduce-events.ts'
import { append, forgetPrinted, switchThread } from './transcript/transcript.ts'
import type { ThreadAction } from './ui-action.ts'
import type { UiState } from './ui-state.ts'

export function reduceThread(state: UiState, action: ThreadAction): UiState {
  switch (action.type) {
    case 'events':
      return addEvents(state, action.events)
    case 'say':
      return { ...state, transcript: append(state.transcript, ...action.blocks) }
    case 'printed':
      return { ...state, transcript: forgetPrinted(state.transcript, action.count) }
    case 'session':
      return { ...state, session: { ...state.session, ...action.session } }
    case 'thread':
      return showThread(state, action)
    case 'peer':
      return changePeers(state, action)
    default:
      return action satisfies never
  }
}

function addEvents(state: UiState, events: readonly ShareEvent[]): UiState {
  const fresh = events.filter(({ id }) => id > state.transcript.lastId)
  const session = reduceSession(state.session, fresh)
  const armed = session.turn === null && state.armed === 'interrupt' ? null : state.armed
  const taken = { ...state, session, armed, transcript: reduceEvents(state.transcript, fresh) }
  return fresh.some((event) => isPromptOf(event, state.submission)) ? onSubmissionArrived(taken) : taken
}

function isPromptOf({ method, params }: ShareEvent, submission: UiState['submission']): boolean {
  return submission !== null && method === 'item/completed' && objectOf(params.item).clientId === submission.requestId
}

const nothingKnown = { turn: null, tokens: null, peers: [], queue: null, threadName: null } as const

function showThread(state: UiState, { session, lastId, head }: Extract<ThreadAction, { type: 'thread' }>): UiState {
  const { threadId, tokens } = state.session
  // A thread that is handed over, or opened again, has used what it has used.
  const used = session.threadId === threadId ? { tokens } : {}
  return {
    ...state,
    session: { ...state.session, ...nothingKnown, ...used, ...session },
    transcript: append(switchThread(state.transcript, lastId, state.submission), ...head),
    approvals: [],
    approvalChoice: null,
    armed: null,
  }
}

function changePeers(state: UiState, { change, peer, quiet }: Extract<ThreadAction, { type: 'peer' }>): UiState {
  const others = state.session.peers.filter(({ peerId }) => peerId !== peer.peerId)
  const peers = change === 'joined' ? [...others, peer] : others
  if (quiet) return { ...state, session: { ...state.session, peers } }
  const text = `– ${visibleLine(peer.label)} ${change === 'joined' ? 'joined' : 'left'}${peer.readOnly ? ' (read-only)' : ''}`
  const transcript = append(state.transcript, { kind: 'notice', look: 'quiet', text })
  return { ...state, session: { ...state.session, peers }, transcript }
}
