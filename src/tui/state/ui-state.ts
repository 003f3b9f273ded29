/** The whole state of the UI. */
import type { ApprovalForm } from './approval-form.ts'
import type { ApprovalPrompt } from './approvals.ts'
import { type Composer, emptyComposer } from './composer.ts'
import type { Overlay } from './overlay.ts'
import { type Session, startingSession } from './session.ts'
import { emptyTranscript, type Transcript } from './transcript/transcript.ts'

/** A prompt that was handed over and has not come back as an event. The same text again is the same request. */
export interface Submission {
  readonly requestId: string
  readonly text: string
  readonly state: 'sending' | 'waiting' | 'unknown'
}

export interface UiState {
  readonly session: Session
  readonly transcript: Transcript
  readonly composer: Composer
  readonly overlay: Overlay | null
  readonly approvals: readonly ApprovalPrompt[]
  /** Which choice of the first approval is selected; null while the keys belong to the composer. */
  readonly approvalChoice: number | null
  /** The form of the first approval, once it is opened. */
  readonly form: ApprovalForm | null
  readonly submission: Submission | null
  /** What a second press of the same key would do. */
  readonly armed: 'interrupt' | 'quit' | null
  /** Something that takes a moment, as in "starting to share…"; prompts wait until it is over. */
  readonly doing: string | null
  /** One passing line above the composer. */
  readonly hint: string | null
  /** The last words, once the person leaves: they take the place of all that is below the transcript. */
  readonly farewell: string | null
  /** Milliseconds since 1970; moved on only while something on the screen shows time. */
  readonly now: number
}

interface UiStart {
  readonly cwd: string
  readonly readOnly: boolean
  readonly draft: string
  readonly history: readonly string[]
  readonly now: number
  /** This process, to know its own doings in a shared thread. */
  readonly pid?: number | null
}

export function startingState({ cwd, readOnly, draft, history, now, pid = null }: UiStart): UiState {
  return {
    session: startingSession(cwd, readOnly),
    transcript: { ...emptyTranscript, ownPid: pid },
    composer: { ...emptyComposer, text: draft, cursor: draft.length, history },
    overlay: null,
    approvals: [],
    approvalChoice: null,
    form: null,
    submission: null,
    armed: null,
    doing: null,
    hint: null,
    farewell: null,
    now,
  }
}
