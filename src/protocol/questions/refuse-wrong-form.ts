/** Refuses what is plainly no answer to a question. */
import * as v from 'valibot'
import type { Approval } from '../approvals.ts'
import { ShareError } from '../errors.ts'
import type { Answer } from './question-kind.ts'
import { questionKindOf } from './question-kinds.ts'

/**
 * Codex does not reply to an answer: a wrong one would look to its giver as if all were well.
 *
 * @throws ShareError `usage`; a kind that is not known here takes any answer
 */
export function refuseWrongForm({ method }: Pick<Approval, 'method'>, answer: Answer): void {
  const { schema, example } = questionKindOf(method)
  if (v.is(schema, answer)) return
  throw new ShareError('usage', `this is no answer to ${method}: ${JSON.stringify(answer).slice(0, 200)}`, {
    hint: `An answer to it looks like ${example}`,
  })
}
