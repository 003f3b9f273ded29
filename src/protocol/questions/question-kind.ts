/** A kind of question that Codex asks: who answers it, and how its answers read in Codex's words. */
import * as v from 'valibot'
import type { Approval } from '../approvals.ts'

/** `approveForSession` allows the like for as long as the thread is loaded; `cancel` denies and ends the turn where Codex can do that. */
export type Decision = 'approve' | 'approveForSession' | 'deny' | 'cancel'

/** The result that Codex expects. */
export type Answer = Readonly<Record<string, unknown>>

/**
 * `people` decide, in any UI. `toolClient` is the one whose tool is called; people can answer in its place. `programs` answer on their
 * own connections, and people are not asked. `unknown`: only a newer Codex knows.
 */
type Audience = 'people' | 'toolClient' | 'programs' | 'unknown'

export interface QuestionKind {
  readonly name: 'command' | 'fileChange' | 'permissions' | 'userInput' | 'elicitation' | 'toolCall' | 'other'
  readonly audience: Audience
  /** What an answer has at least. What it may have beyond that, and which words, is Codex's to judge. */
  readonly schema: v.GenericSchema
  /** An answer as JSON. */
  readonly example: string
  /** The answer that a plain decision is; undefined where yes or no is no answer. */
  readonly decide: (params: Approval['params'], decision: Decision) => Answer | undefined
  /** Whether Codex ends the turn on this answer. */
  readonly endsTurn: (answer: Answer) => boolean
  /** How fields are answered; null for a kind without any. */
  readonly form: QuestionForm | null
}

interface QuestionForm {
  /** A single field is answered by its text alone. */
  readonly takesText: boolean
  /** The answer made of the fields' values; a field that was left out is missing. */
  readonly fill: (values: Readonly<Record<string, unknown>>) => Answer
  /**
   * The answer made of what was typed on a command line; undefined where there is nothing to fill in.
   *
   * @throws ShareError `usage`
   */
  readonly parse: (params: Approval['params'], text: string) => Answer | undefined
}

export const anyObject = v.looseObject({})

export function isYes(decision: Decision): boolean {
  return decision === 'approve' || decision === 'approveForSession'
}
