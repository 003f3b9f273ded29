/** Breaks painted text into lines that fit. */
import wrapAnsi from 'wrap-ansi'

export function wrapLines(text: string, width: number): string[] {
  // Trimming would also take the indent of code; what is left at the end of a line is of no use to anybody.
  return wrapAnsi(text, Math.max(width, 10), { hard: true, trim: false })
    .split('\n')
    .map((line) => line.replace(/ +$/, ''))
}

/** Plain text whose lines keep their indent when they wrap. */
export function wrapIndented(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    const [indent = ''] = /^ */.exec(line) ?? []
    const room = Math.max(width - indent.length, 10)
    return wrapAnsi(line.slice(indent.length), room, { hard: true })
      .split('\n')
      .map((part) => (part === '' ? '' : indent + part))
  })
}
