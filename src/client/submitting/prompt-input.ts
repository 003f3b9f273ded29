/** What a submit is made of: asked for by a person or a script, and as the daemon takes it. */
import type { DaemonLink } from '../daemon-link.ts'

export type IfBusy = 'reject' | 'wait' | 'steer'

export interface SubmitPromptOptions {
  readonly link: DaemonLink
  readonly threadId: string
  readonly prompt: string
  /** What makes repeating safe: the daemon answers the same id and prompt with the first turn. */
  readonly requestId: string
  readonly ifBusy: IfBusy
  /** Printed on stderr for the person who waits. */
  readonly notice: (text: string) => void
  /** Waits for the running turn to end, or until it is time to try again; by default by following the thread. */
  readonly untilFree?: (signal: AbortSignal | undefined) => Promise<void>
  /** Its reason is thrown when it fires. */
  readonly signal?: AbortSignal | undefined
}

export interface SubmittedPrompt {
  readonly turnId: string
  /** The request id was seen before; this is the turn of the first time. */
  readonly duplicate: boolean
  /** Id of the event before the turn's first; for a steered turn, of the newest before the steering. */
  readonly after: number
}

/** Longer than the daemon gives Codex, so that it is the daemon that says what became of the prompt. */
export const submitMs = 100_000

/** How long a submit is repeated whose answer was lost. */
export const repeatForMs = 30_000

/** The members that `turn/start` and `turn/steer` share, for a plain prompt: from here, and from a private thread of the UI. */
export function promptInput({
  threadId,
  requestId,
  prompt,
}: Pick<SubmitPromptOptions, 'threadId' | 'requestId' | 'prompt'>) {
  const text = { type: 'text' as const, text: prompt, text_elements: [] }
  return { threadId, clientUserMessageId: requestId, input: [text] }
}
