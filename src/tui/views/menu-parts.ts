/** Draws the parts of menus, pickers and approvals. Pure. */

import { visibleLine } from '../../protocol/text/visible-text.ts'
import { displayWidth, truncateToWidth } from '../../render/terminal/display-width.ts'
import { spokenText } from '../theme/spoken-text.ts'
import { reverse, type Style } from '../theme/style.ts'

export interface OverlaySpace extends Style {
  readonly rows: number
  readonly now: number
}

/** The heading, with the keys that work: on a line of their own where there is no room beside it. */
export function titleLines(heading: string, keys: string, space: OverlaySpace): readonly string[] {
  const { paint, width } = space
  const [text, how] = [spokenText(heading, space), spokenText(keys, space)]
  const head = paint('heading', truncateToWidth(text, width))
  if (how === '') return [head]
  const hint = paint('quiet', truncateToWidth(how, width))
  return displayWidth(text) + how.length + 2 <= width ? [`${head}  ${hint}`] : [head, hint]
}

/** `label` as it is shown. The mark says what the reverse video says, for those who do not see it. */
export function choiceLine(label: string, selected: boolean, { width, screenReader }: OverlaySpace): string {
  const [here, elsewhere] = screenReader ? ['selected: ', ''] : ['› ', '  ']
  const line = truncateToWidth(`${selected ? here : elsewhere}${label}`, width)
  return selected ? reverse(line) : line
}

/** A name and what it stands for, under others of their kind. */
export function factLine(name: string, given: string, style: Style): string {
  const value = visibleLine(given)
  return style.screenReader
    ? `${name}: ${spokenText(value, style)}`
    : `${style.paint('quiet', name.padEnd(7))} ${value}`
}

/** What stands before that which is being written. */
export function inputMark({ screenReader }: Style): string {
  return screenReader ? 'you: ' : '› '
}

/** The lines that are being written, behind their mark. */
export function withInputMark(lines: readonly string[], style: Style): readonly string[] {
  const mark = inputMark(style)
  return lines.map((line, index) => `${index === 0 ? mark : ' '.repeat(mark.length)}${line}`)
}
