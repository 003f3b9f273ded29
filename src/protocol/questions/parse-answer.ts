/** Reads an answer that was typed as JSON. */
import { ShareError } from '../errors.ts'
import { parseJsonObject } from '../json/read-json.ts'
import type { Answer } from './question-kind.ts'

/** @throws ShareError `usage` when it is no JSON object */
export function parseAnswer(text: string): Answer {
  const answer = parseJsonObject(text)
  if (answer) return answer
  throw new ShareError('usage', `this is not a JSON object: ${text.slice(0, 80)}`)
}
