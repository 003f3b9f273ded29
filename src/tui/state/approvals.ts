/** Requests of the agent that wait for a person: to run a command, to change files, to answer a question. */
import { listOf, objectOf, textOf } from '../../render/read-json.ts'
import { safeLine, safeText } from '../../render/safe-text.ts'

export type ApprovalKind = 'command' | 'fileChange' | 'permissions' | 'question' | 'other'

/** One way to answer: what the person reads, and what is sent. */
export interface ApprovalChoice {
  readonly key: string
  readonly label: string
  readonly answer: unknown
  /** Said in the transcript once it was chosen. */
  readonly told: string
}

export interface Approval {
  /** As the app-server named the request. */
  readonly requestId: string | number
  readonly kind: ApprovalKind
  readonly title: string
  readonly lines: readonly string[]
  readonly choices: readonly ApprovalChoice[]
}

const decision = (key: string, label: string, value: unknown, told: string): ApprovalChoice => ({
  key,
  label,
  answer: { decision: value },
  told,
})

const yes = decision('y', 'Yes, once', 'accept', 'approved')
const always = decision(
  'a',
  'Yes, and do not ask again in this session',
  'acceptForSession',
  'approved for the session',
)
const no = decision('n', 'No, and let Codex go on without it', 'decline', 'declined')
const stop = decision('s', 'No, and end the turn', 'cancel', 'declined, turn ended')

/** Reads a request of the app-server. One that this program cannot answer gets no choices: it is shown, and answered elsewhere. */
export function readApproval(
  requestId: string | number,
  method: string,
  params: Readonly<Record<string, unknown>>,
): Approval {
  const reason = safeText(textOf(params.reason))
  const why = reason === '' ? [] : [reason]
  switch (method) {
    case 'item/commandExecution/requestApproval': {
      const command = safeText(textOf(params.command)) || 'a command'
      const lines = [`$ ${command}`, `in ${safeLine(textOf(params.cwd)) || 'the thread’s folder'}`, ...why]
      return {
        requestId,
        kind: 'command',
        title: 'Codex wants to run a command',
        lines,
        choices: offered(params, [yes, always, no, stop]),
      }
    }
    case 'item/fileChange/requestApproval': {
      const root = safeLine(textOf(params.grantRoot))
      const lines = [...why, ...(root === '' ? [] : [`and to write under ${root} from now on`])]
      return {
        requestId,
        kind: 'fileChange',
        title: 'Codex wants to change files',
        lines,
        choices: [yes, always, no, stop],
      }
    }
    case 'item/permissions/requestApproval': {
      const lines = [...why, safeText(JSON.stringify(objectOf(params.permissions)))]
      const grant: ApprovalChoice = {
        key: 'y',
        label: 'Yes, for this turn',
        answer: { permissions: objectOf(params.permissions), scope: 'turn' },
        told: 'approved for this turn',
      }
      const refuse: ApprovalChoice = {
        key: 'n',
        label: 'No',
        answer: { permissions: {}, scope: 'turn' },
        told: 'declined',
      }
      return {
        requestId,
        kind: 'permissions',
        title: 'Codex asks for more permissions',
        lines,
        choices: [grant, refuse],
      }
    }
    case 'item/tool/requestUserInput':
      return question(requestId, params)
    default:
      return { requestId, kind: 'other', title: `Codex asks: ${safeLine(method)}`, lines: why, choices: [] }
  }
}

/** Codex may say which decisions it takes; those that are not plain words are left to its own interface. */
function offered({ availableDecisions }: Readonly<Record<string, unknown>>, all: readonly ApprovalChoice[]) {
  const named = listOf(availableDecisions)
  if (named.length === 0) return all
  const possible = all.filter(({ answer }) => named.includes(objectOf(answer).decision))
  return possible.length > 0 ? possible : all
}

/** Only a single question with given options can be answered with one key; anything else is told as open. */
function question(requestId: string | number, params: Readonly<Record<string, unknown>>): Approval {
  const questions = listOf(params.questions).map(objectOf)
  const [first = {}] = questions
  const id = textOf(first.id)
  const options = questions.length === 1 ? listOf(first.options).map((option) => textOf(objectOf(option).label)) : []
  const choices = options.slice(0, 9).map((label, index) => ({
    key: String(index + 1),
    label: safeLine(label),
    answer: { answers: { [id]: { answers: [label] } } },
    told: `answered “${safeLine(label)}”`,
  }))
  const lines = questions.map(({ question }) => safeText(textOf(question)))
  return { requestId, kind: 'question', title: 'Codex has a question', lines, choices }
}
