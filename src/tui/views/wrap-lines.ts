/** Breaks painted text into lines that fit. */
import wrapAnsi from 'wrap-ansi'

export function wrapLines(text: string, width: number): string[] {
  return wrapAnsi(text, Math.max(width, 10), { hard: true, trim: false }).split('\n')
}
