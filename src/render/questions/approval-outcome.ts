/** Says how a question of Codex's was settled: the subject, the decision, and by whom. Pure. */
import * as v from 'valibot'
import { approvalAnsweredSchema } from '../../protocol/approvals.ts'
import type { ShareEvent } from '../../protocol/events.ts'
import { type JsonObject, textOf } from '../../protocol/json/read-json.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { fieldHead } from './approval-details.ts'
import { type Asked, shownQuestion } from './shown-questions.ts'

interface ApprovalOutcome {
  /** The item it was about, or the empty string. */
  readonly itemId: string
  /** What was asked for: `$ npm publish`. */
  readonly subject: string
  /** `approved by ben`. */
  readonly outcome: string
}

/** Of a `share/approvalAnswered`; `who` is who answered. */
export function approvalOutcome({ params, by }: Pick<ShareEvent, 'params' | 'by'>, who = labelOf(by)): ApprovalOutcome {
  const { success, output } = v.safeParse(approvalAnsweredSchema, params)
  if (!success) return { itemId: '', subject: 'a question of Codex', outcome: `answered by ${who}` }
  const itemId = textOf(output.params.itemId)
  return { itemId, subject: approvalSubject(output), outcome: answerWords(output.method, output.result, who) }
}

function labelOf(by: ShareEvent['by']): string {
  return by ? visibleLine(by.label) : 'somebody'
}

/** What is asked for, on one line. */
export function approvalSubject(asked: Asked): string {
  const [first = visibleLine(asked.method), ...more] = subjectLines(asked)
  return more.length === 0 ? first : `${first} (and ${more.length} more ${more.length === 1 ? 'line' : 'lines'})`
}

function subjectLines(asked: Asked): readonly string[] {
  const { subject, details, fields } = shownQuestion(asked)
  if (subject) return subject(asked)
  const { lines } = details(asked.params)
  return lines.length > 0 ? [lines.join(', ')] : (fields(asked.params) ?? []).map(fieldHead)
}

/** `approved by anna`, from an answer in Codex's words. */
export function answerWords(method: string, answer: JsonObject, who: string): string {
  return `${shownQuestion({ method }).outcome(answer)} by ${who}`
}
