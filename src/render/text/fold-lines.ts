/** Shortens a long list of lines to its beginning and its end, and says how many are left out. */

interface FoldOptions {
  readonly head: number
  readonly tail: number
}

export const outputFold: FoldOptions = { head: 4, tail: 8 }

/** A prompt may be a whole file: up to 1 MiB, also in one line. */
export const promptFold: FoldOptions = { head: 30, tail: 6 }

const longestLine = 2000

/** The same for a text, of which a very long line is cut as well. */
export function foldText(text: string, fold: FoldOptions): string {
  const cut = (line: string) =>
    line.length <= longestLine ? line : `${line.slice(0, longestLine)}… ${line.length - longestLine} more characters`
  return foldLines(text.split('\n'), fold).map(cut).join('\n')
}

/** The lines, or the first `head` and last `tail` with a line between them. A single line is never hidden: it would save nothing. */
export function foldLines(lines: readonly string[], { head, tail }: FoldOptions): readonly string[] {
  const hidden = lines.length - head - tail
  if (hidden <= 1) return lines
  return [...lines.slice(0, head), `… ${hidden} more lines`, ...lines.slice(lines.length - tail)]
}
