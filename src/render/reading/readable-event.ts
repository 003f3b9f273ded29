/** An event as the readable outputs see it: what it says, and nothing of how Codex writes it down. */

import type { CommandFacts, FileChangeFacts } from '../items/read-item.ts'
import type { GrowingType } from '../open-items/growing-items.ts'
import type { Look } from '../terminal/theme.ts'

/** A plan that Codex keeps of its work. */
export interface StepsFacts {
  /** Prose, or the empty string. */
  readonly explanation: string
  readonly steps: readonly { readonly text: string; readonly status: string }[]
}

/** How a turn ended; `who` and `reason` are empty where nobody and nothing is known. */
export interface TurnEndFacts {
  /** Codex's word: `completed`, `failed`, `interrupted`. */
  readonly status: string
  readonly durationMs: number | null
  readonly reason: string
  readonly who: string
}

/**
 * What an output does with each kind is a switch, or a record, over all of them: a new kind fails the type check wherever it has to be
 * written. Labels and paths are safe to show; texts of people, of the model and of commands are as they came.
 */
export type ReadableEvent =
  /** `requestId` is empty where the prompt has none. */
  | { readonly kind: 'prompt'; readonly who: string; readonly requestId: string; readonly text: string }
  /** An answer, a plan or reasoning begins, with as much of it as is there already. */
  | { readonly kind: 'textStarted'; readonly id: string; readonly type: GrowingType; readonly text: string }
  | { readonly kind: 'textGrown'; readonly id: string; readonly type: GrowingType; readonly piece: string }
  /** It is complete: this is the whole of it, whatever came before. */
  | { readonly kind: 'text'; readonly id: string; readonly type: GrowingType; readonly text: string }
  | { readonly kind: 'commandStarted'; readonly id: string; readonly facts: CommandFacts }
  | { readonly kind: 'commandPrinted'; readonly id: string; readonly output: string }
  | { readonly kind: 'command'; readonly id: string; readonly facts: CommandFacts }
  | { readonly kind: 'changes'; readonly changes: readonly FileChangeFacts[]; readonly status: string }
  /** A tool call, a search, a sub-agent: one line, safe to show. */
  | { readonly kind: 'tool'; readonly line: string }
  | ({ readonly kind: 'steps' } & StepsFacts)
  /** Something of these items will not come, unless they are completed. */
  | { readonly kind: 'missed'; readonly ids: readonly string[] }
  /** `itemId` is empty where the question was about none. */
  | { readonly kind: 'approvalAnswered'; readonly itemId: string; readonly subject: string; readonly outcome: string }
  | ({ readonly kind: 'turnEnd' } & TurnEndFacts)
  | { readonly kind: 'error'; readonly text: string; readonly reason: string; readonly willRetry: boolean }
  | Notice
  /** Codex gets on, and there is nothing to show of it. */
  | { readonly kind: 'progress'; readonly reason: string }
  | { readonly kind: 'leftOut'; readonly reason: string }
  /** A notification, or an item in one, that this program does not know. */
  | { readonly kind: 'unknown'; readonly name: string }

export interface Notice {
  readonly kind: 'notice'
  readonly look: Look
  readonly text: string
  /** Codex says it again word for word with every turn: an output has it the first time only. */
  readonly once: boolean
}
