/** Shortens a long list of lines to its beginning and its end, and says how many are left out. */

export interface FoldOptions {
  readonly head: number
  readonly tail: number
}

export const outputFold: FoldOptions = { head: 4, tail: 8 }

/** The lines, or the first `head` and last `tail` with a line between them. A single line is never hidden: it would save nothing. */
export function foldLines(lines: readonly string[], { head, tail }: FoldOptions): readonly string[] {
  const hidden = lines.length - head - tail
  if (hidden <= 1) return lines
  return [...lines.slice(0, head), `… ${hidden} more lines`, ...lines.slice(lines.length - tail)]
}
