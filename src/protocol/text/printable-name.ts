/** Checks the name of a person or a thread: one line on which every character shows. The rule for `--as` and `--name`, and on the wire. */

import { ShareError } from '../errors.ts'
import { unseen, visibleLine } from './visible-text.ts'

export const longestLabel = 80

/** Why the text cannot be such a name, as the end of a sentence; undefined when it can. Code points count, at most `longest`. */
export function faultOfName(text: string, longest: number): string | undefined {
  const length = [...text].length
  if (text.trim() === '') return 'it is empty'
  if (length > longest) return `it has ${length} characters`
  const [character] = unseen.exec(text) ?? []
  if (character !== undefined) return `it has the character ${codeOf(character)}`
  return text === text.trim() ? undefined : 'it begins or ends with a blank'
}

/** The rule in words, before the fault. */
export function ruleOfName(longest: number): string {
  return `one line of 1 to ${longest} visible characters`
}

/** The name that a person means: spaces around it are slips. */
export function withoutSpacesAround(text: string): string {
  return text.replace(/^ +| +$/g, '')
}

/** The nearest name to a text that nobody can be asked to change, such as what another program calls itself; empty when there is none. */
export function nearestName(text: string, longest: number): string {
  return [...visibleLine(text.trim())].slice(0, longest).join('').trim()
}

function codeOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return `U+${code}`
}

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
