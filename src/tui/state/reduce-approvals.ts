/** Reduces what happens to the questions of Codex's that wait, and to the answer that is being given. Pure. */
import { editForm } from './approval-form.ts'
import type { ApprovalPrompt } from './approvals.ts'
import { append } from './transcript/transcript.ts'
import type { ApprovalAction } from './ui-action.ts'
import type { UiState } from './ui-state.ts'

export function reduceApprovals(state: UiState, action: ApprovalAction): UiState {
  switch (action.type) {
    case 'approval':
      return showApprovals(state, addApproval(state.approvals, action.approval))
    case 'approvals':
      return showApprovals(state, action.approvals.reduce<readonly ApprovalPrompt[]>(addApproval, []))
    case 'resolved':
      return resolveApproval(state, action)
    case 'form':
      return { ...state, form: action.form, armed: null, hint: null }
    case 'formEdit':
      return { ...state, form: state.form && editForm(state.form, action.edit), armed: null, hint: null }
    case 'focus':
      return { ...state, approvalChoice: action.on === 'approval' && state.approvals.length > 0 ? 0 : null }
    default:
      return action satisfies never
  }
}

function addApproval(approvals: readonly ApprovalPrompt[], approval: ApprovalPrompt): readonly ApprovalPrompt[] {
  return [...approvals.filter(({ id }) => id !== approval.id), approval]
}

/** When the first one is another question now, what is pressed was meant for the one before. */
function showApprovals(state: UiState, approvals: readonly ApprovalPrompt[]): UiState {
  const approvalChoice = state.approvals[0]?.id === approvals[0]?.id ? state.approvalChoice : null
  return { ...state, approvals, approvalChoice }
}

function resolveApproval(state: UiState, { id, outcome }: Extract<ApprovalAction, { type: 'resolved' }>): UiState {
  const approval = state.approvals.find((open) => open.id === id)
  if (!approval) return state
  const left = showApprovals(
    state,
    state.approvals.filter((open) => open !== approval),
  )
  if (outcome === null) return left
  const text = `▸ ${approval.lines[0] ?? approval.title}: ${outcome}`
  return { ...left, transcript: append(state.transcript, { kind: 'notice', look: 'quiet', text }) }
}
