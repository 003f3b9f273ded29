/** Reads an answer that was typed as JSON. */
import * as v from 'valibot'
import { ShareError } from '../errors.ts'
import type { Answer } from './question-kind.ts'

/** @throws ShareError `usage` when it is no JSON object */
export function parseAnswer(text: string): Answer {
  const answer = parseObject(text)
  if (answer) return answer
  throw new ShareError('usage', `this is not a JSON object: ${text.slice(0, 80)}`)
}

export function parseObject(text: string): Answer | undefined {
  try {
    const value = v.safeParse(v.record(v.string(), v.unknown()), JSON.parse(text))
    return value.success ? value.output : undefined
  } catch {
    return undefined // The caller says what was expected.
  }
}
