/** Menus, pickers and approvals as lines. Pure. */
import { truncateToWidth } from '../../render/display-width.ts'
import { safeLine } from '../../render/safe-text.ts'
import type { Approval } from '../state/approvals.ts'
import { busyChoices, matchingEntries, type Overlay, shareActions } from '../state/overlay.ts'
import type { Session } from '../state/session.ts'
import { reverse, type Style } from '../theme/style.ts'
import { statusLines } from './footer-text.ts'
import { wrapLines } from './wrap-lines.ts'

export interface OverlaySpace extends Style {
  readonly rows: number
  readonly now: number
}

export function overlayLines(overlay: Overlay, session: Session, space: OverlaySpace): readonly string[] {
  switch (overlay.kind) {
    case 'share':
      return shareMenu(overlay.selected, session, space)
    case 'busy':
      return busyMenu(overlay, space)
    case 'picker':
      return picker(overlay, space)
    default:
      return overlay satisfies never
  }
}

function shareMenu(selected: number, session: Session, space: OverlaySpace): readonly string[] {
  const { paint, width, now } = space
  const status = statusLines(session, now).map(([name, value]) => {
    const room = width - 8
    return `${paint('quiet', name.padEnd(7))} ${fitted(value, room)}`
  })
  const choices = shareActions.map(({ label }, index) => choice(`${index + 1}. ${label}`, index === selected, space))
  return [title('Share', '↑↓ Enter · Esc', space), ...status, ...choices]
}

/** The end of a path or an id tells more than its beginning. */
function fitted(value: string, room: number): string {
  const text = safeLine(value)
  return text.length <= room ? text : `…${text.slice(-(room - 1))}`
}

function busyMenu(
  { turn, prompt, selected }: Extract<Overlay, { kind: 'busy' }>,
  space: OverlaySpace,
): readonly string[] {
  const { width, paint } = space
  const by = turn?.by ? ` by ${safeLine(turn.by.label)}` : ''
  const since = turn ? ` since ${new Date(turn.startedAt).toLocaleTimeString()}` : ''
  const waits = turn?.waitingOnApproval ? ', waiting for an approval' : ''
  return [
    title(`Busy: a turn${by} runs${since}${waits}`, '', space),
    paint('quiet', truncateToWidth(`  “${safeLine(prompt)}”`, width)),
    ...busyChoices.map(({ label }, index) => choice(`${index + 1}. ${label}`, index === selected, space)),
  ]
}

function picker(overlay: Extract<Overlay, { kind: 'picker' }>, space: OverlaySpace): readonly string[] {
  const { paint, width, rows } = space
  const words = overlay.purpose === 'join' ? 'Join shared session' : 'Resume a thread'
  const query = `  search, or paste an id: ${safeLine(overlay.query)}${reverse(' ')}`
  const found = matchingEntries(overlay)
  const room = Math.max(1, Math.floor((rows - 3) / 2))
  const first = Math.max(0, Math.min(overlay.selected - room + 1, found.length - room))
  const entries = found
    .slice(first, first + room)
    .flatMap((entry, index) => [
      choice(entry.title, first + index === overlay.selected, space),
      paint('quiet', truncateToWidth(`    ${entry.details}`, width)),
    ])
  const nothing = overlay.entries === null ? '  looking…' : found.length === 0 ? nothingFound(overlay) : undefined
  const problem = overlay.problem === null ? [] : [paint('bad', truncateToWidth(`  ${overlay.problem}`, width))]
  return [title(words, '↑↓ Enter · Esc', space), query, ...entries, ...(nothing ? [nothing] : []), ...problem]
}

function nothingFound({ query, purpose }: Extract<Overlay, { kind: 'picker' }>): string {
  if (query.trim() !== '') return '  no match: Enter takes what you typed as an id or a name'
  return purpose === 'join' ? '  nothing is shared yet' : '  there are no threads yet'
}

export function approvalLines(approval: Approval, selected: number | null, space: OverlaySpace): readonly string[] {
  const { paint, width, rows } = space
  const how = selected === null ? 'Tab to answer' : '↑↓ Enter · Tab for the composer'
  const choices = approval.choices.map(({ key, label }, index) => choice(`${key}  ${label}`, index === selected, space))
  const none = choices.length === 0 ? [paint('quiet', '  It cannot be answered here.')] : []
  const room = Math.max(1, rows - choices.length - none.length - 1)
  const text = approval.lines.flatMap((line) => wrapLines(line, width - 2)).map((line) => `  ${line}`)
  const cut = text.length <= room ? text : [...text.slice(0, room - 1), '  …']
  return [title(`⏸ ${approval.title}`, how, space), ...cut, ...choices, ...none]
}

function title(text: string, how: string, { paint, width }: OverlaySpace): string {
  const room = how === '' ? width : width - how.length - 2
  return `${paint('heading', truncateToWidth(text, Math.max(room, 10)))}${how === '' || room < 10 ? '' : `  ${paint('quiet', how)}`}`
}

/** The mark says what the reverse video says, for those who do not see it. */
function choice(label: string, selected: boolean, { width }: OverlaySpace): string {
  const line = truncateToWidth(`${selected ? '›' : ' '} ${safeLine(label)}`, width)
  return selected ? reverse(line) : line
}
