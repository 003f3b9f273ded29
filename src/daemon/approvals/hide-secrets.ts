/** What others are told of an answer: all of it but what the model asked for as a secret. */
import { type Loose, objectIn } from '../threads/thread-facts.ts'

const hidden = '(secret)'

/** The result as it was given, with each answer to a question of `params` that is secret taken out. */
export function hideSecrets({ questions }: Loose, result: Loose): Loose {
  const answers = objectIn(result, 'answers')
  if (!answers || !Array.isArray(questions)) return result
  const secret = new Set(questions.filter(({ isSecret }) => isSecret === true).map(({ id }) => id))
  const shown = Object.entries(answers).map(([id, answer]) => [id, secret.has(id) ? { answers: [hidden] } : answer])
  return { ...result, answers: Object.fromEntries(shown) }
}
