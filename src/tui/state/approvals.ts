/** Questions of Codex's that wait for a person, as they are shown and answered here: the same for a private and a shared thread. */
import { answerTo, type Decision } from '../../protocol/approvals.ts'
import { visibleLine, visibleLines } from '../../protocol/visible-text.ts'
import { approvalDetails, asksForToolCall, fieldHead, namedLines } from '../../render/approval-details.ts'
import { type FormField, formFields } from '../../render/form-fields.ts'
import { otherMembers } from '../../render/other-members.ts'
import { commandFacts } from '../../render/read-item.ts'
import { type JsonObject, listOf, objectOf, textOf } from '../../render/read-json.ts'
import { changeLines } from '../../render/text-blocks.ts'

/** One way to answer: the key, what the person reads, and what is sent; null opens the form. */
export interface ApprovalChoice {
  readonly key: string
  readonly label: string
  readonly answer: JsonObject | null
}

export interface Approval {
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

export interface Question {
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

export function readApproval(question: Question): Approval {
  const { id, method, params } = question
  const reason = textOf(params.reason)
  const lines = [...linesOf(question), ...(reason === '' ? [] : namedLines('', reason))]
  const title = asksForToolCall(params) ? 'Codex wants to call a tool' : titles[method]
  const fields = formFields(question) ?? []
  const choices = [...formChoices(question, fields), ...plainChoices(method, params)]
  return { id, method, title: title ?? `Codex asks: ${visibleLine(method)}`, lines, fields, choices }
}

const titles: Readonly<Record<string, string>> = {
  'item/commandExecution/requestApproval': 'Codex wants to run a command',
  'item/fileChange/requestApproval': 'Codex wants to change files',
  'item/permissions/requestApproval': 'Codex asks for more permissions',
  'item/tool/requestUserInput': 'Codex has a question',
  'mcpServer/elicitation/request': 'A tool server has a question',
}

/** Methods that a person can be asked; everything else that an app-server requests is for programs. */
export function isForPeople(method: string): boolean {
  return Object.hasOwn(titles, method)
}

function linesOf({ method, params, item }: Question): readonly string[] {
  switch (method) {
    case 'item/commandExecution/requestApproval': {
      const cwd = visibleLine(textOf(params.cwd))
      const { command } = commandFacts({ id: '', type: 'commandExecution', fields: params })
      const asked = visibleLines(command).map((line, index) => `${index === 0 ? '$' : ' '} ${line}`)
      return [...asked, ...(cwd === '' ? [] : [`in ${cwd}`]), ...otherMembers(params, ['cwd', 'reason'])]
    }
    case 'item/fileChange/requestApproval':
      return [...changeLines(item), ...otherMembers(params, ['reason'])]
    default: {
      const details = approvalDetails({ method, params })
      // All at a glance; what may be answered is told when it comes to each.
      const heads = (formFields({ method, params }) ?? []).map(fieldHead)
      return [...details.lines, ...heads, ...otherMembers(params, [...details.told, 'reason'])]
    }
  }
}

function plainChoices(method: string, params: JsonObject): readonly ApprovalChoice[] {
  const offered = listOf(params.availableDecisions)
  const choices = decisions.flatMap(([key, decision, label]): ApprovalChoice[] => {
    const answer = answerTo({ method, params }, decision)
    return answer === undefined || (decision === 'cancel' && !endsTurn.has(method)) ? [] : [{ key, label, answer }]
  })
  // Codex may say which decisions it takes.
  const possible = choices.filter(({ answer }) => offered.includes(objectOf(answer).decision))
  return possible.length > 0 ? possible : choices
}

/** Elsewhere a cancel is no more than a no. */
const endsTurn: ReadonlySet<string> = new Set([
  'item/commandExecution/requestApproval',
  'item/fileChange/requestApproval',
])

/** A single question of the model's with given options is answered with one key; anything else with fields is filled in. */
function formChoices({ method }: Question, fields: readonly FormField[]): readonly ApprovalChoice[] {
  const [field, ...more] = fields
  if (!field) return []
  if (method !== 'item/tool/requestUserInput' || more.length > 0 || field.options.length === 0)
    return [{ key: 'f', label: fields.length === 1 ? 'Answer…' : `Answer all ${fields.length}…`, answer: null }]
  const options = field.options.slice(0, 9).map(({ value, label, about }, index) => ({
    key: String(index + 1),
    label: [label, about].filter(Boolean).map(visibleLine).join('  '),
    answer: { answers: { [field.name]: { answers: [value] } } },
  }))
  return field.free ? [...options, { key: 'f', label: 'Something else…', answer: null }] : options
}
