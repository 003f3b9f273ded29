/** Turns what a person typed as an answer into the result that Codex expects for that kind of question. Pure. */
import * as v from 'valibot'
import type { Approval } from '../protocol/approvals.ts'
import { ShareError } from '../protocol/errors.ts'

type Result = Readonly<Record<string, unknown>>

const questionsSchema = v.pipe(v.array(v.looseObject({ id: v.string() })), v.minLength(1))
const textsSchema = v.record(v.string(), v.string())

/** @throws ShareError `usage` when it is no JSON object */
export function parseResult(text: string): Result {
  const result = objectIn(text)
  if (result) return result
  throw new ShareError('usage', `this is not a JSON object: ${text.slice(0, 80)}`)
}

/**
 * The text for a single question, `{"id": "text"}` for several, a form's fields as a JSON object; undefined where a kind has neither.
 *
 * @throws ShareError `usage`
 */
export function parseAnswer({ method, params }: Approval, text: string): Result | undefined {
  if (method === 'mcpServer/elicitation/request') return { action: 'accept', content: parseResult(text), _meta: null }
  if (method !== 'item/tool/requestUserInput') return undefined
  const questions = v.safeParse(questionsSchema, params.questions)
  if (!questions.success) return undefined
  const [first, ...others] = questions.output
  if (first && others.length === 0) return { answers: { [first.id]: { answers: [text] } } }
  const texts = v.safeParse(textsSchema, objectIn(text))
  if (!texts.success)
    throw new ShareError('usage', `there are ${others.length + 1} questions: answer them as a JSON object of texts`, {
      hint: `Its members are ${questions.output.map(({ id }) => id).join(', ')}.`,
    })
  return {
    answers: Object.fromEntries(Object.entries(texts.output).map(([id, answer]) => [id, { answers: [answer] }])),
  }
}

function objectIn(text: string): Result | undefined {
  try {
    const value = v.safeParse(v.record(v.string(), v.unknown()), JSON.parse(text))
    return value.success ? value.output : undefined
  } catch {
    return undefined // The caller says what was expected.
  }
}
