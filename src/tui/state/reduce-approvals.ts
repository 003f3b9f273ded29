/** Reduces what happens to the questions of Codex's that wait, and to the answer that is being given. Pure. */
import { editForm } from './approval-form.ts'
import type { ApprovalPrompt } from './approvals.ts'
import { append } from './transcript/transcript.ts'
import type { ApprovalAction } from './ui-action.ts'
import type { UiState } from './ui-state.ts'

export function reduceApprovals(state: UiState, action: ApprovalAction): UiState {
  switch (action.type) {
    case 'approval':
      return addApproval(state, action.approval)
    case 'approvals':
      return action.approvals.reduce(addApproval, {
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
    default:
      return action satisfies never
  }
}

function addApproval(state: UiState, approval: ApprovalPrompt): UiState {
  const others = state.approvals.filter(({ id }) => id !== approval.id)
  return { ...state, approvals: [...others, approval] }
}

function resolveApproval(state: UiState, { id, outcome }: Extract<ApprovalAction, { type: 'resolved' }>): UiState {
  const approval = state.approvals.find((open) => open.id === id)
  if (!approval) return state
  const approvals = state.approvals.filter((open) => open !== approval)
  const text = `▸ ${approval.lines[0] ?? approval.title}: ${outcome}`
  return {
    ...state,
    approvals,
    // The next one is another question: what is pressed now was meant for this one.
    approvalChoice: approval === state.approvals[0] ? null : state.approvalChoice,
    transcript: outcome === null ? state.transcript : append(state.transcript, { kind: 'notice', look: 'quiet', text }),
  }
}
