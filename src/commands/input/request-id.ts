/** The id that makes a submit safe to repeat: checked when it is given, made up when it is not, and named when something went wrong. */
import { randomUUID } from 'node:crypto'
import { ShareError } from '../../protocol/errors.ts'
import { shellWord } from '../../protocol/text/shell-word.ts'

const longest = 200

/** @throws ShareError `usage` */
export function requestIdFrom(given: string | undefined): string {
  if (given === undefined) return randomUUID()
  if (given.length >= 1 && given.length <= longest) return given
  throw new ShareError('usage', `--request-id takes 1 to ${longest} characters`)
}

/** Names the id in the error: it makes trying again safe. */
export function withRequestId(error: unknown, requestId: string): unknown {
  if (!(error instanceof ShareError)) return error
  const { errorName, message, facts, hint, cause } = error
  const advice =
    errorName === 'connectionLost'
      ? `The outcome is not known. Repeat it with --request-id ${shellWord(requestId)}: it never runs twice.`
      : hint
  return new ShareError(errorName, message, { facts: { ...facts, requestId }, hint: advice, cause })
}
