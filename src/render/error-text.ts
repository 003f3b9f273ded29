/** What the user reads when a command fails: the cause, and one line on what to do. */
import type { ShareError } from '../protocol/errors.ts'
import { safeText } from './safe-text.ts'
import type { Paint } from './theme.ts'

export function errorText({ message, hint }: ShareError, paint: Paint): string {
  const lines = [`${paint('bad', 'Error:')} ${safeText(message)}`]
  if (hint !== '') lines.push(paint('quiet', `  ${safeText(hint)}`))
  return `${lines.join('\n')}\n`
}

/** The same for machines, as one line on stdout. */
export function errorJson({ errorName, code, exitCode, message, hint, facts }: ShareError): string {
  return `${JSON.stringify({ error: { ...facts, name: errorName, code, exitCode, message, hint } })}\n`
}
