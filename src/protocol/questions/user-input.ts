/** Questions of the model: each is answered with a text. */
import * as v from 'valibot'
import type { Approval } from '../approvals.ts'
import { ShareError } from '../errors.ts'
import { parseJsonObject } from '../json/read-json.ts'
import { type Answer, isYes, type QuestionKind } from './question-kind.ts'

export const userInput: QuestionKind = {
  name: 'userInput',
  audience: 'people',
  schema: v.looseObject({ answers: v.record(v.string(), v.looseObject({ answers: v.array(v.string()) })) }),
  example: '{"answers":{"ID":{"answers":["TEXT"]}}}',
  decide: (_params, decision) => (isYes(decision) ? undefined : { answers: {} }),
  endsTurn: () => false,
  form: { takesText: true, fill, parse },
}

function fill(values: Readonly<Record<string, unknown>>): Answer {
  return { answers: Object.fromEntries(Object.entries(values).map(([id, text]) => [id, { answers: [text] }])) }
}

const questionsSchema = v.pipe(v.array(v.looseObject({ id: v.string() })), v.minLength(1))
const textsSchema = v.record(v.string(), v.string())

/** The text for a single question, `{"id": "text"}` for several. */
function parse(params: Approval['params'], text: string): Answer | undefined {
  const questions = v.safeParse(questionsSchema, params.questions)
  if (!questions.success) return undefined
  const [first, ...others] = questions.output
  if (first && others.length === 0) return fill({ [first.id]: text })
  const texts = v.safeParse(textsSchema, parseJsonObject(text))
  if (texts.success) return fill(texts.output)
  throw new ShareError('usage', `there are ${others.length + 1} questions: answer them as a JSON object of texts`, {
    hint: `Its members are ${questions.output.map(({ id }) => id).join(', ')}.`,
  })
}
