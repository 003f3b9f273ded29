/** Words each kind of question: what is asked, its fields, and how it was settled. Pure. */
import type { Approval } from '../../protocol/approvals.ts'
import { type JsonObject, objectOf, textOf } from '../../protocol/json/read-json.ts'
import type { QuestionKind } from '../../protocol/questions/question-kind.ts'
import { questionKindOf } from '../../protocol/questions/question-kinds.ts'
import { visibleLine, visibleLines } from '../../protocol/text/visible-text.ts'
import { changeLines } from '../items/change-lines.ts'
import { commandLines } from '../items/command-lines.ts'
import { commandFacts, fileChanges, readItem } from '../items/read-item.ts'
import { type ApprovalDetails, asksForToolCall, elicitationDetails, permissionDetails } from './approval-details.ts'
import { type FormField, questionFields, schemaFields } from './form-fields.ts'

export type Asked = Pick<Approval, 'method' | 'params' | 'item'>
type Params = Asked['params']

interface ShownQuestion {
  readonly words: (asked: Asked) => QuestionWords
  /** Empty where there is nothing to fill in; null where it is a form of a kind that is not known here. */
  readonly fields: (params: Params) => readonly FormField[] | null
  /** What is asked, beyond a command, a diff and fields. */
  readonly details: (params: Params) => ApprovalDetails
  /** In the UI, where that is more than the details. */
  readonly glance?: (asked: Asked) => ApprovalDetails
  /** By what it is called once it is settled, where that is not its details or its fields. */
  readonly subject?: (asked: Asked) => readonly string[]
  /** An answer in a word or a few: `approved`. */
  readonly outcome: (answer: JsonObject) => string
}

interface QuestionWords {
  /** What stands behind `Codex wants to`. */
  readonly wish: string
  readonly title: string
}

const wishWords = (wish: string, title = `Codex wants to ${wish}`): QuestionWords => ({ wish, title })

const plain = {
  fields: () => [],
  details: () => ({ lines: [], shownMembers: [] }),
  outcome: decisionOutcome,
} satisfies Partial<ShownQuestion>

const shown: Readonly<Record<QuestionKind['name'], ShownQuestion>> = {
  command: { ...plain, words: () => wishWords('run a command'), glance: commandGlance, subject: commandSubject },
  fileChange: { ...plain, words: () => wishWords('change files'), glance: changeGlance, subject: changeSubject },
  permissions: {
    ...plain,
    words: () => wishWords('have permissions', 'Codex asks for more permissions'),
    details: permissionDetails,
    outcome: permissionOutcome,
  },
  userInput: {
    ...plain,
    words: () => wishWords('know something from you', 'Codex has a question'),
    fields: questionFields,
  },
  elicitation: {
    words: elicitationWords,
    fields: schemaFields,
    details: elicitationDetails,
    outcome: elicitationOutcome,
  },
  toolCall: { ...plain, words: () => wishWords('call a tool of its client') },
  other: { ...plain, words: ({ method }) => wishWords(visibleLine(method), `Codex asks: ${visibleLine(method)}`) },
}

export function shownQuestion({ method }: Pick<Approval, 'method'>): ShownQuestion {
  return shown[questionKindOf(method).name]
}

function commandGlance({ params }: Asked): ApprovalDetails {
  const cwd = visibleLine(textOf(params.cwd))
  return { lines: [...commandLines(commandOf(params)), ...(cwd === '' ? [] : [`in ${cwd}`])], shownMembers: ['cwd'] }
}

function commandSubject({ params }: Asked): readonly string[] {
  const { protocol, host } = objectOf(params.networkApprovalContext)
  if (textOf(host) !== '') return [`connect to ${visibleLine(`${textOf(protocol)}://${textOf(host)}`)}`]
  const command = commandOf(params)
  return command === '' ? [] : visibleLines(command).map((line, index) => (index === 0 ? `$ ${line}` : line))
}

function commandOf(params: Params): string {
  return commandFacts({ id: '', type: 'commandExecution', fields: params }).command
}

function changeGlance({ item }: Asked): ApprovalDetails {
  return { lines: changeLines(item), shownMembers: [] }
}

function changeSubject({ item }: Asked): readonly string[] {
  const changes = fileChanges(readItem({ item })).map(({ kind, path }) => `${kind} ${path}`)
  return changes.length === 0 ? ['a change of files'] : [changes.join(', ')]
}

const decisions: ReadonlyMap<string, string> = new Map([
  ['accept', 'approved'],
  ['acceptForSession', 'approved for the session'],
  ['acceptWithExecpolicyAmendment', 'approved, also for the like,'],
  ['decline', 'declined'],
  ['cancel', 'declined, and the turn ended,'],
])

function decisionOutcome({ decision }: JsonObject): string {
  const name = textOf(decision) || (Object.keys(objectOf(decision))[0] ?? '')
  return decisions.get(name) ?? 'answered'
}

function permissionOutcome({ permissions, scope }: JsonObject): string {
  if (Object.keys(objectOf(permissions)).length === 0) return 'declined'
  return scope === 'session' ? 'approved for the session' : 'approved'
}

function elicitationWords({ params }: Asked): QuestionWords {
  return asksForToolCall(params)
    ? wishWords('call a tool of a server', 'Codex wants to call a tool')
    : wishWords('have a tool server ask you', 'A tool server has a question')
}

/** A form that was filled in is more than a yes. */
function elicitationOutcome({ action, content }: JsonObject): string {
  const isFilledIn = Object.keys(objectOf(content)).length > 0
  return action === 'accept' ? (isFilledIn ? 'answered' : 'approved') : 'declined'
}
