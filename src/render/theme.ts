/** The looks of the text output by role, and whether colours are wanted at all. */
import { styleText } from 'node:util'

const looks = {
  person: ['bold', 'cyan'],
  codex: ['bold', 'magenta'],
  quiet: ['dim'],
  command: ['bold'],
  added: ['green'],
  removed: ['red'],
  hunk: ['cyan'],
  good: ['green'],
  bad: ['red'],
  caution: ['yellow'],
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

export interface ColourCircumstances {
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
