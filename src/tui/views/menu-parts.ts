/** What menus, pickers and approvals are made of. Pure. */
import { truncateToWidth } from '../../render/display-width.ts'
import { safeLine } from '../../render/safe-text.ts'
import { reverse, type Style } from '../theme/style.ts'

export interface OverlaySpace extends Style {
  readonly rows: number
  readonly now: number
}

/** The heading, with the keys that work where there is room for them. */
export function title(text: string, how: string, { paint, width }: OverlaySpace): string {
  const room = how === '' ? width : width - how.length - 2
  return `${paint('heading', truncateToWidth(text, Math.max(room, 10)))}${how === '' || room < 10 ? '' : `  ${paint('quiet', how)}`}`
}

/** The mark says what the reverse video says, for those who do not see it. */
export function choice(label: string, selected: boolean, { width }: OverlaySpace): string {
  const line = truncateToWidth(`${selected ? '›' : ' '} ${safeLine(label)}`, width)
  return selected ? reverse(line) : line
}
