/** Menus and pickers as lines. Pure. */

import { visibleLine } from '../../protocol/text/visible-text.ts'
import { clockTime } from '../../render/terminal/clock.ts'
import { truncateToWidth } from '../../render/terminal/display-width.ts'
import { proseLine } from '../../render/terminal/prose-text.ts'
import { busyChoices, matchingEntries, type Overlay, shareActions } from '../state/overlay.ts'
import type { Session } from '../state/session.ts'
import { spokenText } from '../theme/spoken-text.ts'
import { reverse } from '../theme/style.ts'
import { fitEnd, statusLines } from './footer-text.ts'
import { choiceLine, factLine, type OverlaySpace, titleLines } from './menu-parts.ts'
import { wrapIndented } from './wrap-lines.ts'

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
  const status = statusLines(session, now).map(([name, value]) => factLine(name, fitEnd(value, width - 8), space))
  const isShared = session.mode === 'SHARED' && session.connection.state !== 'failed'
  const choices = shareActions.map(({ action, label }, index) => {
    const isSelected = index === selected
    const isDone = isShared && action === 'start'
    const line = choiceLine(`${index + 1}. ${label}${isDone ? ' (done)' : ''}`, isSelected, space)
    return isDone && !isSelected ? paint('quiet', line) : line
  })
  return [...titleLines('Share', '↑↓ Enter · Esc', space), ...status, ...choices]
}

function busyMenu(
  { turn, prompt, selected }: Extract<Overlay, { kind: 'busy' }>,
  space: OverlaySpace,
): readonly string[] {
  const { width, paint } = space
  const by = turn?.by ? ` by ${visibleLine(turn.by.label)}` : ''
  const since = turn ? ` since ${clockTime(turn.startedAt)}` : ''
  const waits = turn?.waitingOnApproval ? ', waiting for an approval' : ''
  return [
    ...titleLines(`Busy${since}: a turn${by} is running${waits}`, '', space),
    paint('quiet', truncateToWidth(`  “${proseLine(prompt)}”`, width)),
    ...busyChoices.map(({ label }, index) => choiceLine(`${index + 1}. ${label}`, index === selected, space)),
  ]
}

function picker(overlay: Extract<Overlay, { kind: 'picker' }>, space: OverlaySpace): readonly string[] {
  const { paint, width, rows } = space
  const words = overlay.purpose === 'join' ? 'Join shared session' : 'Resume a thread'
  const query = `  search, or paste an id: ${visibleLine(overlay.query)}${reverse(' ')}`
  const found = matchingEntries(overlay)
  const room = Math.max(1, Math.floor((rows - 3) / 2))
  const first = Math.max(0, Math.min(overlay.selected - room + 1, found.length - room))
  const entries = found
    .slice(first, first + room)
    .flatMap((entry, index) => [
      choiceLine(entry.title, first + index === overlay.selected, space),
      paint('quiet', truncateToWidth(`    ${spokenText(entry.details, space)}`, width)),
    ])
  const nothing = overlay.entries === null ? '  looking…' : found.length === 0 ? nothingFound(overlay) : undefined
  const problem =
    overlay.problem === null
      ? []
      : wrapIndented(spokenText(`✖ ${overlay.problem}`, space), width - 2).slice(0, mostOfProblem)
  const trouble = problem.map((line) => paint('bad', `  ${line}`))
  return [...titleLines(words, '↑↓ Enter · Esc', space), query, ...entries, ...(nothing ? [nothing] : []), ...trouble]
}

/** Lines of it; a daemon that does not start has many last words. */
const mostOfProblem = 8

function nothingFound({ query, purpose, problem }: Extract<Overlay, { kind: 'picker' }>): string | undefined {
  if (query.trim() !== '') return '  no match: Enter takes what you typed as an id or a name'
  if (problem !== null) return undefined
  return purpose === 'join' ? '  nothing is shared yet' : '  there are no threads yet'
}
