/** The one reducer of the UI: LOCAL and SHARED alike. Pure. */
import type { ShareEvent } from '../../protocol/events.ts'
import { objectOf } from '../../protocol/json/read-json.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { editForm } from './approval-form.ts'
import type { ApprovalPrompt } from './approvals.ts'
import { afterSending, edit } from './composer.ts'
import { followEvents } from './follow-session.ts'
import { moveSelection } from './overlay.ts'
import { takeEvents } from './reduce-event.ts'
import { append, forgetPrinted, turnToThread } from './transcript.ts'
import type { UiAction, UiState } from './ui-state.ts'

export function reduceUi(state: UiState, action: UiAction): UiState {
  switch (action.type) {
    case 'events':
      return takeAll(state, action.events)
    case 'say':
      return { ...state, transcript: append(state.transcript, ...action.blocks) }
    case 'printed':
      return { ...state, transcript: forgetPrinted(state.transcript, action.count) }
    case 'edit':
      return { ...state, composer: edit(state.composer, action.edit), armed: null, hint: null }
    case 'session':
      return { ...state, session: { ...state.session, ...action.session } }
    case 'thread':
      return {
        ...state,
        session: { ...state.session, ...nothingKnown, ...sameThread(state, action), ...action.session },
        transcript: append(turnToThread(state.transcript, action.lastId, state.submission), ...action.head),
        approvals: [],
        approvalChoice: null,
        armed: null,
      }
    case 'peer':
      return takePeer(state, action)
    case 'overlay':
      return { ...state, overlay: action.overlay, armed: null }
    case 'select':
      return select(state, action.step)
    case 'approval':
      return takeApproval(state, action.approval)
    case 'approvals':
      return action.approvals.reduce(takeApproval, {
        ...state,
        approvals: [],
        approvalChoice: state.approvals[0]?.id === action.approvals[0]?.id ? state.approvalChoice : null,
      })
    case 'resolved':
      return resolveApproval(state, action)
    case 'form':
      return { ...state, form: action.form, armed: null, hint: null }
    case 'formEdit':
      return { ...state, form: state.form && editForm(state.form, action.edit), armed: null, hint: null }
    case 'focus':
      return { ...state, approvalChoice: action.on === 'approval' && state.approvals.length > 0 ? 0 : null }
    case 'submitting': {
      const { submission } = action
      const { transcript } = state
      const ownRequests = [...transcript.ownRequests.filter((id) => id !== submission.requestId), submission.requestId]
      return {
        ...state,
        composer: afterSending(state.composer),
        submission,
        transcript: { ...transcript, ownRequests },
        hint: null,
      }
    }
    case 'submitted':
      return { ...state, submission: action.submission }
    case 'recalled': {
      const { submission } = action
      const composer =
        state.composer.text === '' ? edit(state.composer, { edit: 'replace', text: submission.text }) : state.composer
      return { ...state, submission, composer }
    }
    case 'giveBack':
      return state.composer.text === ''
        ? { ...state, composer: edit(state.composer, { edit: 'replace', text: action.text }) }
        : { ...state, hint: 'the prompt before this one is kept: ↑ brings it back' }
    case 'armed':
      return { ...state, armed: action.armed }
    case 'doing':
      return { ...state, doing: action.doing }
    case 'hint':
      return { ...state, hint: action.hint }
    case 'leaving':
      return { ...state, farewell: action.farewell }
    case 'tick':
      return { ...state, now: action.now }
    default:
      return action satisfies never
  }
}

function takeAll(state: UiState, events: Extract<UiAction, { type: 'events' }>['events']): UiState {
  const fresh = events.filter(({ id }) => id > state.transcript.lastId)
  const session = followEvents(state.session, fresh)
  const armed = session.turn === null && state.armed === 'interrupt' ? null : state.armed
  const taken = { ...state, session, armed, transcript: takeEvents(state.transcript, fresh) }
  return fresh.some((event) => isPromptOf(event, state.submission)) ? submissionArrived(taken) : taken
}

function isPromptOf({ method, params }: ShareEvent, submission: UiState['submission']): boolean {
  return submission !== null && method === 'item/completed' && objectOf(params.item).clientId === submission.requestId
}

/** A prompt whose fate was not known has become one of the thread: it must not stand in the composer as if it had not. */
function submissionArrived(state: UiState): UiState {
  const { submission, composer } = state
  if (submission?.state !== 'unknown') return state
  return { ...state, submission: null, composer: composer.text === submission.text ? afterSending(composer) : composer }
}

const nothingKnown = { turn: null, tokens: null, peers: [], queue: null, threadName: null } as const

/** A thread that is handed over, or opened again, has used what it has used. */
function sameThread({ session: { threadId, tokens } }: UiState, { session }: Extract<UiAction, { type: 'thread' }>) {
  return session.threadId === threadId ? { tokens } : {}
}

function takePeer(state: UiState, { change, peer, quiet }: Extract<UiAction, { type: 'peer' }>): UiState {
  const others = state.session.peers.filter(({ peerId }) => peerId !== peer.peerId)
  const peers = change === 'joined' ? [...others, peer] : others
  if (quiet) return { ...state, session: { ...state.session, peers } }
  const text = `– ${visibleLine(peer.label)} ${change === 'joined' ? 'joined' : 'left'}${peer.readOnly ? ' (read-only)' : ''}`
  const transcript = append(state.transcript, { kind: 'notice', look: 'quiet', text })
  return { ...state, session: { ...state.session, peers }, transcript }
}

function select(state: UiState, step: number): UiState {
  const { overlay, approvals, approvalChoice } = state
  if (overlay) return { ...state, overlay: moveSelection(overlay, step) }
  if (approvalChoice === null) return state
  const last = (approvals[0]?.choices.length ?? 1) - 1
  return { ...state, approvalChoice: Math.max(0, Math.min(approvalChoice + step, last)) }
}

function takeApproval(state: UiState, approval: ApprovalPrompt): UiState {
  const others = state.approvals.filter(({ id }) => id !== approval.id)
  return { ...state, approvals: [...others, approval] }
}

function resolveApproval(state: UiState, { id, told }: Extract<UiAction, { type: 'resolved' }>): UiState {
  const approval = state.approvals.find((open) => open.id === id)
  if (!approval) return state
  const approvals = state.approvals.filter((open) => open !== approval)
  const text = `▸ ${approval.lines[0] ?? approval.title}: ${told}`
  return {
    ...state,
    approvals,
    // The next one is another question: what is pressed now was meant for this one.
    approvalChoice: approval === state.approvals[0] ? null : state.approvalChoice,
    transcript: told === null ? state.transcript : append(state.transcript, { kind: 'notice', look: 'quiet', text }),
  }
}
