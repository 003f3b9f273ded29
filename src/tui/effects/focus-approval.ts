/** Gives the keys to what Codex asks, once the person has had a moment to see it: a word begun just then must not answer it. */
import { type AwakeTimeout, awakeTimeout } from '../../platform/time/awake-clock.ts'
import type { UiStore } from '../state/store.ts'
import type { UiState } from '../state/ui-state.ts'

/** Longer than between two keys of a word, shorter than it takes to read the question. */
const quietMs = 600

/** Works until the returned function is called. */
export function focusApproval(store: UiStore): () => void {
  let asked: string | number | null = null
  let timer: AwakeTimeout | undefined
  const stop = store.subscribe(() => {
    const id = store.state.approvals[0]?.id ?? null
    if (id === asked) return
    asked = id
    timer?.clear()
    if (id === null) return
    timer = awakeTimeout(() => {
      if (isFree(store.state)) store.dispatch({ type: 'focus', on: 'approval' })
    }, quietMs)
  })
  return () => {
    stop()
    timer?.clear()
  }
}

/** Whether nothing else is being written or chosen. */
function isFree({ composer, overlay, session, approvals }: UiState): boolean {
  return composer.text === '' && overlay === null && !session.readOnly && (approvals[0]?.choices.length ?? 0) > 0
}
