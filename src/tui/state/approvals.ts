/** Questions of Codex's that wait for a person, as they are shown and answered here: the same for a private and a shared thread. */
import { answerTo, type Decision } from '../../protocol/approvals.ts'
import { commandFacts, fileChanges } from '../../render/read-item.ts'
import { type JsonObject, listOf, objectOf, textOf } from '../../render/read-json.ts'
import { safeLine, safeText } from '../../render/safe-text.ts'
import { diffLines } from '../../render/text-blocks.ts'

/** One way to answer: the key, what the person reads, and what is sent. */
export interface ApprovalChoice {
  readonly key: string
  readonly label: string
  readonly answer: JsonObject
}

export interface Approval {
  /** The request's id of a private app-server, or the daemon's `approvalId`. */
  readonly id: string | number
  readonly title: string
  readonly lines: readonly string[]
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

const decisions: readonly (readonly [key: string, decision: Decision, label: string])[] = [
  ['y', 'approve', 'Yes, this time'],
  ['a', 'approveForSession', 'Yes, and do not ask again in this session'],
  ['n', 'deny', 'No; Codex goes on without it'],
  ['s', 'cancel', 'No, and end the turn'],
]

export function readApproval(question: Question): Approval {
  const { id, method, params } = question
  const reason = safeText(textOf(params.reason) || textOf(params.message))
  const lines = [...linesOf(question), ...(reason === '' ? [] : [reason])]
  const title = titles[method] ?? `Codex asks: ${safeLine(method)}`
  const choices = method === 'item/tool/requestUserInput' ? optionsOf(params) : plainChoices(method, params)
  return { id, title, lines, choices }
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
      const cwd = safeLine(textOf(params.cwd))
      const { command } = commandFacts({ id: '', type: 'commandExecution', fields: params })
      return [`$ ${safeText(command)}`, ...(cwd === '' ? [] : [`in ${cwd}`])]
    }
    case 'item/fileChange/requestApproval':
      return fileChanges({ id: '', type: 'fileChange', fields: item ?? {} }).flatMap((change) => [
        change.path,
        ...diffLines(change),
      ])
    case 'item/permissions/requestApproval':
      return [safeText(JSON.stringify(objectOf(params.permissions)))]
    case 'item/tool/requestUserInput':
      return listOf(params.questions).map((question) => safeText(textOf(objectOf(question).question)))
    default:
      return []
  }
}

function plainChoices(method: string, params: JsonObject): readonly ApprovalChoice[] {
  const offered = listOf(params.availableDecisions)
  const choices = decisions.flatMap(([key, decision, label]): ApprovalChoice[] => {
    const answer = answerTo({ method, params }, decision)
    return answer === undefined ? [] : [{ key, label, answer }]
  })
  // Codex may say which decisions it takes.
  const possible = choices.filter(({ answer }) => offered.includes(objectOf(answer).decision))
  return possible.length > 0 ? possible : choices
}

/** A single question with given options is answered with one key; anything else is left to other interfaces. */
function optionsOf({ questions }: JsonObject): readonly ApprovalChoice[] {
  const [question, ...more] = listOf(questions).map(objectOf)
  const options = question && more.length === 0 ? listOf(question.options) : []
  return options.slice(0, 9).map((option, index) => {
    const label = textOf(objectOf(option).label)
    const answer = { answers: { [textOf(question?.id)]: { answers: [label] } } }
    return { key: String(index + 1), label: safeLine(label), answer }
  })
}

const words: Readonly<Record<string, string>> = {
  accept: 'approved',
  acceptForSession: 'approved for the session',
  decline: 'declined',
  cancel: 'declined, and the turn ended,',
}

/** `approved by anna`, from an answer in Codex's words; `who` is null when nobody answered, or it is not known who. */
export function toldAnswer(answer: JsonObject | null, who: string | null): string {
  const decision = objectOf(answer).decision ?? objectOf(answer).action
  const what = words[textOf(decision)] ?? 'answered'
  if (who !== null) return `${what} by ${who}`
  return answer === null ? 'no longer asked' : what
}
