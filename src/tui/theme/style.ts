/** The style of text: colours by role, columns, and whether a screen reader reads it. */
import type { Paint } from '../../render/terminal/theme.ts'
import type { Highlight } from './highlight-code.ts'

export interface Style {
  readonly paint: Paint
  /** Columns of the terminal. */
  readonly width: number
  /** Words in place of lines, marks and moving things. */
  readonly screenReader: boolean
  /** Colours code; undefined for a language that is not known. Missing until it is loaded. */
  readonly highlight?: Highlight | undefined
}

/** Reverse video: the cursor and what is selected. It is no colour, so it stays when colours are off. */
export function reverse(text: string): string {
  return `\u001b[7m${text}\u001b[27m`
}
