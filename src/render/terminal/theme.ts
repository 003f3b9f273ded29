/** The looks of the text output by role, and whether colours are wanted at all. */
import { styleText } from 'node:util'

/**
 * The terminal's own colours, and of them only those that can be read on a light and on a dark background alike. In the palettes that
 * terminals come with, yellow and cyan on white have a contrast of 1.7 to 3, blue on black one of 1.6 to 3; what is long keeps the
 * terminal's own foreground. No colour is the only sign of anything.
 */
const looks = {
  person: ['bold'],
  codex: ['bold', 'magenta'],
  quiet: ['dim'],
  command: ['bold'],
  added: ['green'],
  removed: ['red'],
  hunk: ['magenta'],
  good: ['green'],
  bad: ['bold', 'red'],
  caution: ['bold'],
  heading: ['bold'],
} as const

export type Look = keyof typeof looks

/** Gives text a look; without colours it gives the text back. */
export type Paint = (look: Look, text: string) => string

export function createPaint(colour: boolean): Paint {
  if (!colour) return (_look, text) => text
  // styleText would ask the environment by itself; the decision is made once, in `wantsColour`.
  return (look, text) => (text === '' ? '' : styleText([...looks[look]], text, { validateStream: false }))
}

interface ColourCircumstances {
  readonly isTerminal: boolean
  readonly env: Readonly<Record<string, string | undefined>>
}

/** FORCE_COLOR decides when set, then NO_COLOR, then TERM=dumb, then whether a terminal is there at all. */
export function wantsColour({ isTerminal, env }: ColourCircumstances): boolean {
  const { FORCE_COLOR: force, NO_COLOR: never, TERM: terminal } = env
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false'
  if (never !== undefined && never !== '') return false
  return isTerminal && terminal !== 'dumb'
}
