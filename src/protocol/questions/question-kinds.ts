/** Every request of the app-server's, and what kind of question it is: the one place that knows these methods. */
import type { ServerRequest } from '../../../generated/codex/ServerRequest.ts'
import type { Approval } from '../approvals.ts'
import { elicitation } from './elicitation.ts'
import { permissions } from './permissions.ts'
import { type Answer, anyObject, type Decision, type QuestionKind } from './question-kind.ts'
import { reviewOf } from './review.ts'
import { toolCall } from './tool-call.ts'
import { userInput } from './user-input.ts'

/** Only a newer Codex knows what is asked: any answer is taken, and a plain decision is none. */
const unknownKind: QuestionKind = {
  name: 'other',
  audience: 'unknown',
  schema: anyObject,
  example: '{}',
  decide: () => undefined,
  endsTurn: ({ decision }) => decision === 'cancel',
  form: null,
}

interface LeftOut extends QuestionKind {
  readonly leftOut: string
}

/** Left, for this reason, to the connections that offered to answer it. */
const leftOut = (reason: string): LeftOut => ({ ...unknownKind, audience: 'programs', leftOut: reason })

const ofConversations = leftOut(
  'the older API’s, which asks of conversations; threads are asked about by the methods above',
)

/** The second is not among the pinned Codex's; another that asks it is treated alike. */
type QuestionMethod = ServerRequest['method'] | 'currentTime/read'

/** A new request in a new Codex fails the type check here. */
const kinds = new Map<string, QuestionKind>(
  Object.entries({
    'item/commandExecution/requestApproval': reviewOf('command'),
    'item/fileChange/requestApproval': reviewOf('fileChange'),
    'item/permissions/requestApproval': permissions,
    'item/tool/requestUserInput': userInput,
    'item/tool/call': toolCall,
    'mcpServer/elicitation/request': elicitation,
    'account/chatgptAuthTokens/refresh': leftOut('the program that logged in holds the tokens'),
    'attestation/generate': leftOut('a proof about the program that runs Codex'),
    'currentTime/read': leftOut('the clock of the program that runs Codex'),
    applyPatchApproval: ofConversations,
    execCommandApproval: ofConversations,
  } satisfies Record<QuestionMethod, QuestionKind>),
)

export function questionKindOf(method: string): QuestionKind {
  return kinds.get(method) ?? unknownKind
}

/** A plain decision as the answer that Codex expects; undefined where yes or no is no answer. */
export function answerTo(
  { method, params }: Pick<Approval, 'method' | 'params'>,
  decision: Decision,
): Answer | undefined {
  return questionKindOf(method).decide(params, decision)
}
