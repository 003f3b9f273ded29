/** Keeps the state file in step with what is on the screen, soon after it changes and once at the end. */
import { dirname } from 'node:path'
import { notWritableError, stateFolder } from '../../platform/places/own-folders.ts'
import { type SavedUi, writeUiState } from '../../platform/state-file.ts'
import type { Composer } from '../state/composer.ts'
import type { UiStore } from '../state/store.ts'
import type { BlockBody } from '../state/transcript/block.ts'
import type { Submission, UiState } from '../state/ui-state.ts'

interface StateKeeper {
  /** Writes what is not written yet. */
  close(): Promise<void>
}

/** A draft that is lost with the machine is at most this old. */
const delayMs = 500

interface KeepStateOptions {
  readonly file: string
  readonly store: UiStore
  /** Identifies this run of this process. */
  readonly startToken: string
  /** Pid of the UI whose place was taken over. */
  readonly claimed: number | undefined
  /** The daemon is the user's own, wherever it listens. */
  readonly isOwn: boolean
}

export function keepState({ file, store, startToken, claimed, isOwn }: KeepStateOptions): StateKeeper {
  let written = ''
  let isReported = false
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  const write = () => {
    timer = undefined
    const ui = savedUiOf(store.state, { startToken, isOwn })
    const { history } = store.state.composer
    const text = JSON.stringify([ui, history])
    if (text === written) return
    written = text
    // A disk that is full must not stop the work; the next change tries again.
    writing = writing
      .then(() => writeUiState(file, { ui, history, claimed }))
      .catch((error: unknown) => {
        written = ''
        if (!isReported) store.dispatch({ type: 'say', blocks: [notKeptNotice(file, error)] })
        isReported = true
      })
  }
  // At once, or the next UI that is opened would take the same place.
  if (claimed !== undefined) write()
  let noted = store.state.submission?.requestId
  const stop = store.subscribe(() => {
    const { submission } = store.state
    if (submission && submission.requestId !== noted) {
      // At once: after a crash it is to come back under the id that it is being sent with, and not as a draft that could run twice.
      noted = submission.requestId
      clearTimeout(timer)
      write()
    } else timer ??= setTimeout(write, delayMs)
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

function notKeptNotice(file: string, error: unknown): BlockBody {
  const { message, hint } = notWritableError(stateFolder({ stateDir: dirname(file) }), error)
  return {
    kind: 'notice',
    look: 'caution',
    text: `! where you are, and drafts, are not remembered: ${message}\n  ${hint}`,
  }
}

function savedUiOf(
  { session, transcript, composer, submission }: UiState,
  { startToken, isOwn }: Pick<KeepStateOptions, 'startToken' | 'isOwn'>,
): SavedUi {
  const { mode, endpoint, threadId } = session
  return {
    pid: process.pid,
    startToken,
    mode,
    endpoint: mode === 'SHARED' && !isOwn ? endpoint : null,
    threadId,
    eventId: transcript.lastId,
    draft: composer.recalled === null ? composer.text : composer.draft,
    submission:
      submission && isStillMeant(submission, composer)
        ? { requestId: submission.requestId, text: submission.text }
        : null,
  }
}

/** One that came back and was written over, or taken away, is not to come back once more. */
function isStillMeant({ state, text }: Submission, composer: Composer): boolean {
  return state !== 'unknown' || composer.text === text
}
