/** The one reducer of the UI, LOCAL and SHARED alike: each slice of the state has its own. Pure. */
import { moveSelection } from './overlay.ts'
import { reduceApprovals } from './reduce-approvals.ts'
import { reducePrompt } from './reduce-prompt.ts'
import { reduceThread } from './reduce-thread.ts'
import type { UiAction } from './ui-action.ts'
import type { UiState } from './ui-state.ts'

export function reduceUi(state: UiState, action: UiAction): UiState {
  switch (action.type) {
    case 'events':
    case 'say':
    case 'printed':
    case 'session':
    case 'thread':
    case 'peer':
      return reduceThread(state, action)
    case 'edit':
    case 'submitting':
    case 'submitted':
    case 'recalled':
    case 'giveBack':
      return reducePrompt(state, action)
    case 'approval':
    case 'approvals':
    case 'resolved':
    case 'form':
    case 'formEdit':
    case 'focus':
      return reduceApprovals(state, action)
    case 'overlay':
      return { ...state, overlay: action.overlay, armed: null }
    case 'select':
      return select(state, action.step)
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

/** In the menu, or else among the choices of the first approval. */
function select(state: UiState, step: number): UiState {
  const { overlay, approvals, approvalChoice } = state
  if (overlay) return { ...state, overlay: moveSelection(overlay, step) }
  if (approvalChoice === null) return state
  const last = (approvals[0]?.choices.length ?? 1) - 1
  return { ...state, approvalChoice: Math.max(0, Math.min(approvalChoice + step, last)) }
}
