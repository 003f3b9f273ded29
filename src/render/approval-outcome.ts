/** How a question of Codex's was settled, in words: what it was about, what was decided, and by whom. Pure. */
import * as v from 'valibot'
import { type Approval, approvalAnsweredSchema } from '../protocol/approvals.ts'
import type { ShareEvent } from '../protocol/events.ts'
import { visibleLine, visibleLines } from '../protocol/visible-text.ts'
import { approvalDetails, fieldHead } from './approval-details.ts'
import { formFields } from './form-fields.ts'
import { commandFacts, fileChanges, readItem } from './read-item.ts'
import { type JsonObject, objectOf, textOf } from './read-json.ts'

export interface ApprovalOutcome {
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

type Asked = Pick<Approval, 'method' | 'params' | 'item'>

/** What is asked for, on one line. */
export function approvalSubject(asked: Asked): string {
  const [first = visibleLine(asked.method), ...more] = subjectLines(asked)
  return more.length === 0 ? first : `${first} (and ${more.length} more ${more.length === 1 ? 'line' : 'lines'})`
}

function subjectLines({ method, params, item }: Asked): readonly string[] {
  switch (method) {
    case 'item/commandExecution/requestApproval': {
      const { command } = commandFacts({ id: '', type: 'commandExecution', fields: params })
      const { protocol, host } = objectOf(params.networkApprovalContext)
      if (textOf(host) !== '') return [`connect to ${visibleLine(`${textOf(protocol)}://${textOf(host)}`)}`]
      return command === '' ? [] : visibleLines(command).map((line, index) => (index === 0 ? `$ ${line}` : line))
    }
    case 'item/fileChange/requestApproval': {
      const changes = fileChanges(readItem({ item })).map(({ kind, path }) => `${kind} ${path}`)
      return changes.length === 0 ? ['a change of files'] : [changes.join(', ')]
    }
    default: {
      const { lines } = approvalDetails({ method, params })
      return lines.length > 0 ? [lines.join(', ')] : (formFields({ method, params }) ?? []).map(fieldHead)
    }
  }
}

const decisions: Readonly<Record<string, string>> = {
  accept: 'approved',
  acceptForSession: 'approved for the session',
  acceptWithExecpolicyAmendment: 'approved, also for the like,',
  decline: 'declined',
  cancel: 'declined, and the turn ended,',
}

/** `approved by anna`, from an answer in Codex's words. */
export function answerWords(method: string, answer: JsonObject, who: string): string {
  return `${decisionWords(method, answer)} by ${who}`
}

function decisionWords(method: string, { decision, action, content, permissions, scope }: JsonObject): string {
  if (method === 'item/permissions/requestApproval') {
    if (Object.keys(objectOf(permissions)).length === 0) return 'declined'
    return scope === 'session' ? 'approved for the session' : 'approved'
  }
  if (method === 'mcpServer/elicitation/request') {
    // A form that was filled in is more than a yes.
    const isFilledIn = Object.keys(objectOf(content)).length > 0
    return action === 'accept' ? (isFilledIn ? 'answered' : 'approved') : 'declined'
  }
  const name = textOf(decision) || (Object.keys(objectOf(decision))[0] ?? '')
  return Object.hasOwn(decisions, name) ? (decisions[name] ?? '') : 'answered'
}
