/** Reduces what happens to the prompt that is written, and to the one on its way. Pure. */
import { edit, stash } from './composer.ts'
import type { PromptAction } from './ui-action.ts'
import type { UiState } from './ui-state.ts'

export function reducePrompt(state: UiState, action: PromptAction): UiState {
  switch (action.type) {
    case 'edit':
      return { ...state, composer: edit(state.composer, action.edit), armed: null, hint: null }
    case 'submitting': {
      const { submission } = action
      const { transcript } = state
      const ownRequests = [...transcript.ownRequests.filter((id) => id !== submission.requestId), submission.requestId]
      return {
        ...state,
        composer: stash(state.composer),
        submission,
        transcript: { ...transcript, ownRequests },
        hint: null,
      }
    }
    case 'submitted':
      return { ...state, submission: action.submission }
    case 'recalled': {
      const { submission } = action
      return { ...(state.composer.text === '' ? withDraft(state, submission.text) : state), submission }
    }
    case 'giveBack':
      return state.composer.text === ''
        ? withDraft(state, action.text)
        : { ...state, hint: 'the prompt before this one is kept: ↑ brings it back' }
    default:
      return action satisfies never
  }
}

function withDraft(state: UiState, text: string): UiState {
  return { ...state, composer: edit(state.composer, { edit: 'replace', text }) }
}

/** A prompt whose fate was not known has become one of the thread: it must not stand in the composer as if it had not. */
export function onSubmissionArrived(state: UiState): UiState {
  const { submission, composer } = state
  if (submission?.state !== 'unknown') return state
  return { ...state, submission: null, composer: composer.text === submission.text ? stash(composer) : composer }
}
