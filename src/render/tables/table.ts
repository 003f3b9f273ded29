/** Columns of text for a terminal, aligned by display width; the last column gives way when the terminal is narrow. */
import { displayWidth, padToWidth, truncateToWidth } from '../terminal/display-width.ts'
import type { Paint } from '../terminal/theme.ts'

export interface TableOptions {
  readonly paint: Paint
  /** Columns of the terminal; without it nothing is cut. */
  readonly width?: number
}

const space = '  '

/** Lines without a last line end; cells must be safe single lines. */
export function table(header: readonly string[], rows: readonly (readonly string[])[], options: TableOptions): string {
  const all = [header, ...rows]
  const widths = columnWidths(all)
  const lines = all.map((row) => {
    const line = row.map((cell, column) => padToWidth(cell, widths[column] ?? 0)).join(space)
    return truncateToWidth(line.trimEnd(), Math.max(options.width ?? Number.POSITIVE_INFINITY, 20))
  })
  const [first = '', ...others] = lines
  return [options.paint('heading', first), ...others].join('\n')
}

/** Columns of the terminal that it takes to cut nothing. */
export function tableWidth(header: readonly string[], rows: readonly (readonly string[])[]): number {
  return columnWidths([header, ...rows]).reduce((sum, width) => sum + width + space.length, -space.length)
}

function columnWidths(all: readonly (readonly string[])[]): number[] {
  return (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => displayWidth(row[column] ?? ''))))
}

/** `Name   value` lines, for a status. */
export function facts(pairs: readonly (readonly [name: string, value: string])[], { paint }: TableOptions): string {
  const width = Math.max(...pairs.map(([name]) => displayWidth(name)))
  return pairs.map(([name, value]) => `${paint('quiet', padToWidth(name, width))}${space}${value}`).join('\n')
}

const shortestId = 8

export function shortestIds(ids: readonly string[]): string[] {
  for (let length = shortestId; ; length += 1) {
    const short = ids.map((id) => id.slice(0, length))
    const isUnique = new Set(short).size === ids.length && !short.some((id) => id.endsWith('-'))
    if (isUnique || ids.every((id) => id.length <= length)) return short
  }
}
