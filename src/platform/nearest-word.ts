/** Finds what somebody may have meant by a word that does not exist. */

/** The candidate that takes the fewest changed letters; undefined when more than a third of the letters had to change. */
export function nearestWord(typed: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .map((word) => ({ word, changes: changesBetween(typed, word) }))
    .sort((a, b) => a.changes - b.changes)
  return best && best.changes <= Math.max(1, Math.floor(typed.length / 3)) ? best.word : undefined
}

/** Letters to add, to remove, to replace, or to swap with the next one (Damerau's distance, of neighbours only). */
function changesBetween(from: string, to: string): number {
  let [before, row]: [number[], number[]] = [[], Array.from({ length: to.length + 1 }, (_, index) => index)]
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1]
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      next[j] = Math.min(
        at(row, j) + 1,
        at(next, j - 1) + 1,
        at(row, j - 1) + (same ? 0 : 1),
        swapped ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    ;[before, row] = [row, next]
  }
  return at(row, to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
