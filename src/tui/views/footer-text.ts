/** The footer: mode, thread, server, turn, tokens, peers, in as many columns as there are. Pure. */

import { visibleLine } from '../../protocol/text/visible-text.ts'
import { runningFor } from '../../render/terminal/clock.ts'
import { displayWidth, truncateToWidth } from '../../render/terminal/display-width.ts'
import type { Session } from '../state/session.ts'
import { shortThreadId } from '../state/session.ts'
import { spokenText } from '../theme/spoken-text.ts'
import type { Style } from '../theme/style.ts'

/** One line. What matters least is left out first; mode, thread and turn always stay. */
export function footerText(session: Session, now: number, style: Style): string {
  const { paint, width, screenReader } = style
  const { mode, threadId, peers, tokens } = session
  const endpoint = visibleLine(session.endpoint)
  const shared = mode === 'SHARED'
  // What changes every second would be read out every second.
  const clock = screenReader ? null : now
  const separator = screenReader ? ', ' : ' · '
  const mark = screenReader ? '' : shared ? '● ' : '○ '
  const parts: { text: string; weight: number; looks?: 'good' | 'quiet' | 'caution' | 'bad' | 'heading' }[] = [
    { text: `${mark}${mode}`, weight: 9, looks: shared ? 'good' : 'heading' },
    { text: spokenText(shortThreadId(threadId), style), weight: 8 },
    { text: connectionText(session, clock) ?? turnText(session, clock), weight: 8, looks: turnLook(session) },
    { text: shared ? `${peers.length} ${peers.length === 1 ? 'peer' : 'peers'}` : '', weight: 5 },
    { text: tokens === null ? '' : `${shortNumber(tokens)} tokens`, weight: 3 },
    { text: session.readOnly ? 'read-only' : '', weight: 6 },
    { text: endpoint, weight: 2, looks: 'quiet' },
    { text: visibleLine(session.model ?? ''), weight: 1, looks: 'quiet' },
  ]
  const shown = parts.filter(({ text }) => text !== '')
  const widthOf = () => displayWidth(shown.map(({ text }) => text).join(separator))
  while (shown.length > 3 && widthOf() > width) {
    const least = Math.min(...shown.map(({ weight }) => weight))
    const [part] = shown.splice(
      shown.findIndex(({ weight }) => weight === least),
      1,
    )
    const room = width - widthOf() - separator.length
    if (part?.text === endpoint && room >= leastEndpoint) shown.push({ ...part, text: fitEnd(endpoint, room) })
  }
  if (widthOf() > width && session.turn?.by) {
    return footerText({ ...session, turn: { ...session.turn, by: null } }, now, style)
  }
  if (widthOf() > width) return truncateToWidth(shown.map(({ text }) => text).join(separator), width)
  return shown.map(({ text, looks }) => (looks ? paint(looks, text) : text)).join(paint('quiet', separator))
}

/** Columns in which it still says something. */
const leastEndpoint = 16

/** The end of a path or an id says more than its beginning. */
export function fitEnd(value: string, room: number): string {
  const text = visibleLine(value)
  return text.length <= room ? text : `…${text.slice(-(room - 1))}`
}

/** `idle`, or `running 12 s (anna)`. */
function turnText({ turn }: Session, now: number | null): string {
  if (!turn) return 'idle'
  const time = now === null ? '' : ` ${runningFor(now - turn.startedAtMs)}`
  return `running${time}${turn.by ? ` (${visibleLine(turn.by)})` : ''}`
}

function connectionText({ connection }: Session, now: number | null): string | undefined {
  const time = (since: number) => (now === null ? '' : `, ${runningFor(now - since)}`)
  switch (connection.state) {
    case 'open':
      return undefined
    case 'opening':
      return `${connection.what}…`
    case 'silent':
      return `no answer${time(connection.since)}`
    case 'lost':
      return `reconnecting${time(connection.since)}`
    case 'failed':
      return 'not connected'
  }
}

function turnLook({ connection, turn }: Session): 'bad' | 'caution' | 'quiet' {
  if (connection.state !== 'open' && connection.state !== 'opening') return 'bad'
  return turn ? 'caution' : 'quiet'
}

function shortNumber(count: number): string {
  if (count < 1000) return String(count)
  return count < 1_000_000 ? `${(count / 1000).toFixed(1)}k` : `${(count / 1_000_000).toFixed(1)}M`
}

/** The four lines over the menu of `/share`. */
export function statusLines(session: Session, now: number): readonly (readonly [name: string, value: string])[] {
  return [
    ['Mode', session.mode],
    ['Thread', session.threadId ?? 'none yet'],
    ['Server', session.endpoint],
    ['Turn', session.turn ? 'running' : (connectionText(session, now) ?? 'idle')],
  ]
}
