/** What a thread may be called by us. What Codex or its own UI called it may be anything, and is read as it is. */
import { ShareError } from '../errors.ts'
import { faultOfName, ruleOfName, withoutSpacesAround } from './printable-name.ts'

const longest = 100
const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * The name that is meant, without spaces around it.
 *
 * @throws ShareError `usage` with the rule for a name that nobody could use after --thread, or read in a list
 */
export function threadName(text: string): string {
  const name = withoutSpacesAround(text)
  const fault = faultOfName(name, longest)
  if (fault !== undefined) throw new ShareError('usage', `a name is ${ruleOfName(longest)}: ${fault}`)
  if (name === 'last') throw new ShareError('usage', '`last` cannot be a name: it means the thread used last')
  if (id.test(name)) throw new ShareError('usage', 'a whole thread id cannot be a name')
  return name
}
