/** Keeps the state file in step with what is on the screen, soon after it changes and once at the end. */
import { type SavedState, writeSavedState } from '../../platform/state-file.ts'
import type { UiStore } from '../state/store.ts'
import type { UiState } from '../state/ui-state.ts'

export interface StateKeeper {
  /** Writes what is not written yet. */
  close(): Promise<void>
}

/** A draft that is lost with the machine is at most this old. */
const delayMs = 500

export function keepState(file: string, store: UiStore): StateKeeper {
  let written = ''
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  const write = () => {
    timer = undefined
    const state = savedStateOf(store.state)
    const text = JSON.stringify(state)
    if (text === written) return
    written = text
    // A disk that is full must not stop the work; the next change tries again.
    writing = writing
      .then(() => writeSavedState(file, state))
      .catch(() => {
        written = ''
      })
  }
  const stop = store.subscribe(() => {
    timer ??= setTimeout(write, delayMs)
  })
  return {
    close: async () => {
      stop()
      clearTimeout(timer)
      write()
      await writing
    },
  }
}

function savedStateOf({ session, transcript, composer, submission }: UiState): SavedState {
  const { mode, endpoint, threadId } = session
  return {
    mode,
    endpoint: mode === 'SHARED' ? endpoint : null,
    threadId,
    eventId: transcript.lastId,
    draft: composer.recalled === null ? composer.text : composer.draft,
    submission: submission && { requestId: submission.requestId, text: submission.text },
    history: [...composer.history],
  }
}
