/** The whole state of the UI, and everything that can happen to it. */
import type { ShareEvent } from '../../protocol/events.ts'
import type { Peer } from '../../protocol/methods.ts'
import type { ApprovalForm } from './approval-form.ts'
import type { ApprovalPrompt } from './approvals.ts'
import type { BlockBody } from './block.ts'
import { type Composer, type Edit, emptyComposer } from './composer.ts'
import type { Overlay } from './overlay.ts'
import { type Session, startingSession } from './session.ts'
import { emptyTranscript, type Transcript } from './transcript.ts'

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

export type UiAction =
  | { readonly type: 'events'; readonly events: readonly ShareEvent[] }
  | { readonly type: 'say'; readonly blocks: readonly BlockBody[] }
  | { readonly type: 'printed'; readonly count: number }
  | { readonly type: 'edit'; readonly edit: Edit }
  | { readonly type: 'session'; readonly session: Partial<Session> }
  /** Another thread from here on. `lastId` is the id of the event before the first that will come. */
  | {
      readonly type: 'thread'
      readonly session: Partial<Session>
      readonly lastId: number
      readonly head: readonly BlockBody[]
    }
  | { readonly type: 'peer'; readonly change: 'joined' | 'left'; readonly peer: Peer; readonly quiet?: boolean }
  | { readonly type: 'overlay'; readonly overlay: Overlay | null }
  | { readonly type: 'select'; readonly step: number }
  | { readonly type: 'approval'; readonly approval: ApprovalPrompt }
  /** All that wait at this moment. */
  | { readonly type: 'approvals'; readonly approvals: readonly ApprovalPrompt[] }
  /** Answered or taken back; `told` says by whom and how, null where an event of the thread says it. */
  | { readonly type: 'resolved'; readonly id: string | number; readonly told: string | null }
  | { readonly type: 'form'; readonly form: ApprovalForm | null }
  | { readonly type: 'formEdit'; readonly edit: Edit }
  | { readonly type: 'focus'; readonly on: 'approval' | 'composer' }
  | { readonly type: 'submitting'; readonly submission: Submission }
  /** It was taken (`null`), or is not known to have been. */
  | { readonly type: 'submitted'; readonly submission: Submission | null }
  /** An earlier run ended while this prompt was on its way. */
  | { readonly type: 'recalled'; readonly submission: Submission }
  /** A prompt that was not taken goes back where it was written; where something else is by now, the history has it. */
  | { readonly type: 'giveBack'; readonly text: string }
  | { readonly type: 'armed'; readonly armed: UiState['armed'] }
  | { readonly type: 'doing'; readonly doing: string | null }
  | { readonly type: 'hint'; readonly hint: string | null }
  | { readonly type: 'leaving'; readonly farewell: string }
  | { readonly type: 'tick'; readonly now: number }

export interface UiStart {
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
