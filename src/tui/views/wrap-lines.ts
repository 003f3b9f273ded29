/** Breaks painted text into lines that fit. */
import wrapAnsi from 'wrap-ansi'

export function wrapLines(text: string, width: number): string[] {
  // Trimming would also take the indent of code; what is left at the end of a line is of no use to anybody.
  return wrapAnsi(text, Math.max(width, 10), { hard: true, trim: false })
    .split('\n')
    .map((line) => line.replace(/ +$/, ''))
}
