/** The marks of the screen in words, for those to whom it is read. Pure. */
import type { Style } from './style.ts'

/** At the beginning of a text, where its own words may not say it. The others only catch the eye. */
const beginnings: readonly (readonly [mark: RegExp, words: string])[] = [
  [/^(\s*)✖ /u, '$1error: '],
  [/^(\s*)! /u, '$1warning: '],
  [/^± /, 'changed '],
  [/^\+ /, 'added '],
  [/^- /, 'deleted '],
  [/^(\s*)[●▸■⏸✔–…] /u, '$1'],
]

const within: readonly (readonly [mark: RegExp, words: string])[] = [
  [/ · /g, ', '],
  [/ → /g, ' to '],
  [/↑↓ (?=Enter)/g, 'arrow keys, '],
  [/↑↓/g, 'arrow keys'],
  [/↑/g, 'arrow up'],
  [/^–$/, 'no thread yet'],
  // A thread by the end of its id, as `shortThreadId` gives it.
  [/…([0-9a-f]{8})(?![0-9a-f])/g, 'thread $1'],
]

/** A text of our own. Not for what others wrote: that must be read as it is. */
export function spokenText(text: string, { screenReader }: Pick<Style, 'screenReader'>): string {
  if (!screenReader) return text
  const [mark, words = ''] = beginnings.find(([found]) => found.test(text)) ?? [/^/, '']
  return within.reduce((said, [found, instead]) => said.replace(found, instead), text.replace(mark, words))
}
