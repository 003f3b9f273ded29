/** Counts the lines of a source file that ran, by what V8 writes down: taking the types out leaves every position as it was. */
import { stripTypeScriptTypes } from 'node:module'

/** Of a script in the files that NODE_V8_COVERAGE has Node write. */
export interface ScriptCoverage {
  readonly url: string
  readonly functions: readonly { readonly ranges: readonly CoveredRange[] }[]
}

interface CoveredRange {
  readonly startOffset: number
  readonly endOffset: number
  readonly count: number
}

export interface LineCount {
  readonly lines: number
  readonly covered: number
}

/** Lines of types, comments, and brackets alone are no lines here. @param script undefined for a file that nothing loaded */
export function countLines(source: string, script: ScriptCoverage | undefined): LineCount {
  const ran = new Uint8Array(source.length).fill(script ? 1 : 0)
  // The ranges of a function come from the outside in, and functions in the order in which they begin.
  const ranges = (script?.functions ?? []).flatMap((each) => each.ranges)
  ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset)
  for (const { startOffset, endOffset, count } of ranges) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset)
  let [lines, covered, offset] = [0, 0, 0]
  for (const line of withoutComments(stripTypeScriptTypes(source)).split('\n')) {
    const first = line.search(/\w/)
    if (first >= 0) {
      lines += 1
      covered += ran[offset + first] ?? 0
    }
    offset += line.length + 1
  }
  return { lines, covered }
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*/g, (comment) => comment.replace(/[^\n]/g, ' '))
}
