/** What others are told of an answer: all of it but what the model asked for as a secret. */

import type { Approval } from '../../protocol/approvals.ts'
import { type JsonObject, objectIn } from '../../protocol/json/read-json.ts'

const hidden = '(secret)'

/** The result as it was given, with each answer to a question of `params` that is secret taken out. */
export function hideSecrets({ questions }: JsonObject, result: JsonObject): JsonObject {
  const answers = objectIn(result, 'answers')
  if (!answers || !Array.isArray(questions)) return result
  const secret = new Set(questions.filter(({ isSecret }) => isSecret === true).map(({ id }) => id))
  const shown = Object.entries(answers).map(([id, answer]) => [id, secret.has(id) ? { answers: [hidden] } : answer])
  return { ...result, answers: Object.fromEntries(shown) }
}

/** An item that a question is about, as an answer names it: what is changed where, and not the changes themselves. */
export function withoutDiffs(item: Approval['item']): Approval['item'] {
  if (!item || !Array.isArray(item.changes)) return item
  return { ...item, changes: item.changes.map(({ diff: _diff, ...change }: JsonObject) => change) }
}
