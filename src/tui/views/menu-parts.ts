/** What menus, pickers and approvals are made of. Pure. */
import { displayWidth, truncateToWidth } from '../../render/display-width.ts'
import { safeLine } from '../../render/safe-text.ts'
import { reverse, type Style } from '../theme/style.ts'

export interface OverlaySpace extends Style {
  readonly rows: number
  readonly now: number
}

/** The heading, with the keys that work: on a line of their own where there is no room beside it. */
export function title(text: string, how: string, { paint, width }: OverlaySpace): readonly string[] {
  const head = paint('heading', truncateToWidth(text, width))
  if (how === '') return [head]
  const hint = paint('quiet', truncateToWidth(how, width))
  return displayWidth(text) + how.length + 2 <= width ? [`${head}  ${hint}`] : [head, hint]
}

/** The mark says what the reverse video says, for those who do not see it. */
export function choice(label: string, selected: boolean, { width }: OverlaySpace): string {
  const line = truncateToWidth(`${selected ? '›' : ' '} ${safeLine(label)}`, width)
  return selected ? reverse(line) : line
}
