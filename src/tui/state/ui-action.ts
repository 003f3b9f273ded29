/** Everything that can happen to the state of the UI. */
import type { ShareEvent } from '../../protocol/events.ts'
import type { Peer } from '../../protocol/methods.ts'
import type { ApprovalForm } from './approval-form.ts'
import type { ApprovalPrompt } from './approvals.ts'
import type { Edit } from './composer.ts'
import type { Overlay } from './overlay.ts'
import type { Session } from './session.ts'
import type { BlockBody } from './transcript/block.ts'
import type { Submission, UiState } from './ui-state.ts'

export type UiAction =
  | ThreadAction
  | PromptAction
  | ApprovalAction
  | { readonly type: 'overlay'; readonly overlay: Overlay | null }
  | { readonly type: 'select'; readonly step: number }
  | { readonly type: 'armed'; readonly armed: UiState['armed'] }
  | { readonly type: 'doing'; readonly doing: string | null }
  | { readonly type: 'hint'; readonly hint: string | null }
  | { readonly type: 'leaving'; readonly farewell: string }
  | { readonly type: 'tick'; readonly now: number }

/** In the open thread and on the screen. */
export type ThreadAction =
  | { readonly type: 'events'; readonly events: readonly ShareEvent[] }
  | { readonly type: 'say'; readonly blocks: readonly BlockBody[] }
  | { readonly type: 'printed'; readonly count: number }
  | { readonly type: 'session'; readonly session: Partial<Session> }
  /** Another thread from here on. `lastId` is the id of the event before the first that will come. */
  | {
      readonly type: 'thread'
      readonly session: Partial<Session>
      readonly lastId: number
      readonly head: readonly BlockBody[]
    }
  | { readonly type: 'peer'; readonly change: 'joined' | 'left'; readonly peer: Peer; readonly quiet?: boolean }

/** To the prompt that is written, or is on its way. */
export type PromptAction =
  | { readonly type: 'edit'; readonly edit: Edit }
  | { readonly type: 'submitting'; readonly submission: Submission }
  /** It was taken (`null`), or is not known to have been. */
  | { readonly type: 'submitted'; readonly submission: Submission | null }
  /** An earlier run ended while this prompt was on its way. */
  | { readonly type: 'recalled'; readonly submission: Submission }
  /** A prompt that was not taken goes back where it was written; where something else is by now, the history has it. */
  | { readonly type: 'giveBack'; readonly text: string }

/** To the questions of Codex's that wait, and the answer that is being given. */
export type ApprovalAction =
  | { readonly type: 'approval'; readonly approval: ApprovalPrompt }
  /** All that wait at this moment. */
  | { readonly type: 'approvals'; readonly approvals: readonly ApprovalPrompt[] }
  /** Answered or taken back; `outcome` says by whom and how, null where an event of the thread says it. */
  | { readonly type: 'resolved'; readonly id: string | number; readonly outcome: string | null }
  | { readonly type: 'form'; readonly form: ApprovalForm | null }
  | { readonly type: 'formEdit'; readonly edit: Edit }
  | { readonly type: 'focus'; readonly on: 'approval' | 'composer' }
