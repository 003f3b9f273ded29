/** What a thread may be called by us. What Codex or its own UI called it may be anything, and is read as it is. */
import { ShareError } from './errors.ts'

const longest = 100
/** Control characters, and the marks that break lines or reorder text. */
const unfit = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u
const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * The name that is meant: without the blanks around it.
 *
 * @throws ShareError `usage` with the rule for a name that nobody could use after --thread, or read in a list
 */
export function threadName(text: string): string {
  const name = text.trim()
  const length = [...name].length
  const rule = `a name has 1 to ${longest} characters, and no control characters or line breaks`
  if (length === 0) throw new ShareError('usage', `${rule}: this one is empty`)
  if (length > longest) throw new ShareError('usage', `${rule}: this one has ${length}`)
  if (unfit.test(name)) throw new ShareError('usage', `${rule}: this one has some`)
  if (name === 'last') throw new ShareError('usage', '`last` cannot be a name: it means the thread used last')
  if (id.test(name)) throw new ShareError('usage', 'a whole thread id cannot be a name')
  return name
}
