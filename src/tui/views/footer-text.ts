/** The footer: mode, thread, server, turn, tokens, peers, in as many columns as there are. Pure. */
import { duration } from '../../render/clock.ts'
import { displayWidth, truncateToWidth } from '../../render/display-width.ts'
import type { Session } from '../state/session.ts'
import { shortThreadId } from '../state/session.ts'
import type { Style } from '../theme/style.ts'

/** One line. What matters least is left out first; mode, thread and turn always stay. */
export function footerText(session: Session, now: number, { paint, width, screenReader }: Style): string {
  const { mode, threadId, endpoint, peers, tokens } = session
  const shared = mode === 'SHARED'
  const mark = screenReader ? '' : shared ? '● ' : '○ '
  const parts: { text: string; weight: number; looks?: 'good' | 'quiet' | 'caution' | 'bad' | 'heading' }[] = [
    { text: `${mark}${mode}`, weight: 9, looks: shared ? 'good' : 'heading' },
    { text: shortThreadId(threadId), weight: 8 },
    { text: connectionText(session, now) ?? turnText(session, now), weight: 8, looks: turnLook(session) },
    { text: shared ? `${peers.length} ${peers.length === 1 ? 'peer' : 'peers'}` : '', weight: 5 },
    { text: tokens === null ? '' : `${shortNumber(tokens)} tokens`, weight: 3 },
    { text: session.readOnly ? 'read-only' : '', weight: 6 },
    { text: endpoint, weight: 2, looks: 'quiet' },
    { text: session.model ?? '', weight: 1, looks: 'quiet' },
  ]
  const shown = parts.filter(({ text }) => text !== '')
  const widthOf = () => displayWidth(shown.map(({ text }) => text).join(separator))
  while (shown.length > 3 && widthOf() > width) {
    const least = Math.min(...shown.map(({ weight }) => weight))
    shown.splice(
      shown.findIndex(({ weight }) => weight === least),
      1,
    )
  }
  if (widthOf() > width && session.turn?.by) {
    return footerText({ ...session, turn: { ...session.turn, by: null } }, now, { paint, width, screenReader })
  }
  if (widthOf() > width) return truncateToWidth(shown.map(({ text }) => text).join(separator), width)
  return shown.map(({ text, looks }) => (looks ? paint(looks, text) : text)).join(paint('quiet', separator))
}

const separator = ' · '

/** `idle`, or `running 12 s (anna)`. */
export function turnText({ turn }: Session, now: number): string {
  if (!turn) return 'idle'
  const by = turn.by ? ` (${turn.by})` : ''
  return `running ${duration(Math.max(0, Math.floor((now - turn.startedAtMs) / 1000)) * 1000)}${by}`.replace(
    '0 ms',
    '0 s',
  )
}

function connectionText({ connection }: Session, now: number): string | undefined {
  switch (connection.state) {
    case 'open':
      return undefined
    case 'opening':
      return `${connection.what}…`
    case 'lost':
      return `reconnecting, ${Math.max(0, Math.round((now - connection.since) / 1000))} s`
    case 'failed':
      return 'not connected'
  }
}

function turnLook({ connection, turn }: Session): 'bad' | 'caution' | 'quiet' {
  if (connection.state === 'lost' || connection.state === 'failed') return 'bad'
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
