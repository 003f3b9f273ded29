/** The interface to the thread on the screen, the same for a private and a shared one. */
import type { ShareEvent } from '../../protocol/events.ts'
import type { JsonObject } from '../../protocol/json/read-json.ts'

export type IfTurnRuns = 'refuse' | 'wait' | 'steer'

export interface Prompt {
  readonly text: string
  /** What makes repeating safe. */
  readonly requestId: string
  readonly ifTurnRuns: IfTurnRuns
  /** Gives waiting up; its reason is thrown. */
  readonly signal?: AbortSignal
}

export interface ThreadSession {
  readonly mode: 'LOCAL' | 'SHARED'
  readonly threadId: string
  /** Whether anything is stored of the thread, so that it can be resumed elsewhere. */
  readonly isStored: boolean
  /** Why a Codex of one's own runs no prompt, with what to do about it; null when nothing is known to hinder it. */
  readonly hindrance: string | null
  /**
   * Resolves when the prompt was taken.
   *
   * @throws ShareError `busy` when a turn runs and it was to be refused then; `unavailable` when Codex runs none; `connectionLost` when it
   * is not known whether it was taken
   */
  submit(prompt: Prompt): Promise<void>
  /** Ends the running turn; the end itself comes as an event. */
  interrupt(): Promise<void>
  /**
   * Answers a question of Codex's.
   *
   * @throws ShareError `conflict` when somebody else was first, with `facts.resolvedBy`
   */
  answer(approvalId: string | number, answer: JsonObject): Promise<void>
  /** All that is stored of the thread, oldest first, in pieces. */
  readHistory(signal: AbortSignal): AsyncIterable<readonly ShareEvent[]>
  /** Lets go of the thread. Nothing of it is reported any more. */
  close(): Promise<void>
}
