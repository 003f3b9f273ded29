/** Questions of Codex's that wait for a person, as they are shown and answered here: the same for a private and a shared thread. */

import { type JsonObject, listOf, objectOf, textOf } from '../../protocol/json/read-json.ts'
import type { Decision } from '../../protocol/questions/question-kind.ts'
import { questionKindOf } from '../../protocol/questions/question-kinds.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { fieldHead, namedLines } from '../../render/questions/approval-details.ts'
import type { FormField } from '../../render/questions/form-fields.ts'
import { otherMembers } from '../../render/questions/other-members.ts'
import { shownQuestion } from '../../render/questions/shown-questions.ts'

/** One way to answer: the key, what the person reads, and what is sent; null opens the form. */
export interface ApprovalChoice {
  readonly key: string
  readonly label: string
  readonly answer: JsonObject | null
}

export interface ApprovalPrompt {
  /** The request's id of a private app-server, or the daemon's `approvalId`. */
  readonly id: string | number
  readonly method: string
  readonly title: string
  readonly lines: readonly string[]
  /** What there is to fill in. */
  readonly fields: readonly FormField[]
  /** Empty for what cannot be answered here. */
  readonly choices: readonly ApprovalChoice[]
}

interface Question {
  readonly id: string | number
  readonly method: string
  readonly params: JsonObject
  /** The item that it is about, where known: a file change has its diff there. */
  readonly item: JsonObject | null
}

/** Writes the whole question into the transcript. */
export const showAllKey = 'v'

const decisions: readonly (readonly [key: string, decision: Decision, label: string])[] = [
  ['y', 'approve', 'Yes, this time'],
  ['a', 'approveForSession', 'Yes, and do not ask again in this session'],
  ['n', 'deny', 'No; Codex goes on without it'],
  ['s', 'cancel', 'No, and end the turn'],
]

export function readApproval(question: Question): ApprovalPrompt {
  const { id, method, params } = question
  const { words, fields, glance, details } = shownQuestion(question)
  const { lines, shownMembers } = glance?.(question) ?? details(params)
  const known = fields(params) ?? []
  const reason = textOf(params.reason)
  return {
    id,
    method,
    title: words(question).title,
    lines: [
      ...lines,
      // All at a glance; what may be answered is shown with each field.
      ...known.map(fieldHead),
      ...otherMembers(params, [...shownMembers, 'reason']),
      ...(reason === '' ? [] : namedLines('', reason)),
    ],
    fields: known,
    choices: [...formChoices(question, known), ...plainChoices(question)],
  }
}

function plainChoices({ method, params }: Question): readonly ApprovalChoice[] {
  const { decide, endsTurn } = questionKindOf(method)
  const offered = listOf(params.availableDecisions)
  const choices = decisions.flatMap(([key, decision, label]): ApprovalChoice[] => {
    const answer = decide(params, decision)
    // Where a cancel does not end the turn it is no more than a no.
    return answer === undefined || (decision === 'cancel' && !endsTurn(answer)) ? [] : [{ key, label, answer }]
  })
  // Codex may say which decisions it takes.
  const possible = choices.filter(({ answer }) => offered.includes(objectOf(answer).decision))
  return possible.length > 0 ? possible : choices
}

/** A single question of the model's with given options is answered with one key; anything else with fields is filled in. */
function formChoices({ method }: Question, fields: readonly FormField[]): readonly ApprovalChoice[] {
  const [field, ...more] = fields
  const { form } = questionKindOf(method)
  if (!field || !form) return []
  if (!form.takesText || more.length > 0 || field.options.length === 0)
    return [{ key: 'f', label: fields.length === 1 ? 'Answer…' : `Answer all ${fields.length}…`, answer: null }]
  const options = field.options.slice(0, 9).map(({ value, label, about }, index) => ({
    key: String(index + 1),
    label: [label, about].filter(Boolean).map(visibleLine).join('  '),
    answer: form.fill({ [field.name]: value }),
  }))
  return field.free ? [...options, { key: 'f', label: 'Something else…', answer: null }] : options
}
