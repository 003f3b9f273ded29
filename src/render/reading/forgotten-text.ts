/** Words for events that were forgotten: how many, where, by whom and when. Pure. */
import * as v from 'valibot'
import type { ShareEvent } from '../../protocol/events.ts'
import { forgottenSchema, type IdRange } from '../../protocol/own-events.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { calendarDay, clockTime } from '../terminal/clock.ts'

const mostNamed = 3

/** “12 events were forgotten by ann, 2026-11-27 14:03:05 (ids 3 to 14)”. */
export function forgottenText({ params, by }: Pick<ShareEvent, 'params' | 'by'>): string {
  const author = by ? ` by ${visibleLine(by.label)}` : ''
  const { success, output } = v.safeParse(forgottenSchema, params)
  if (!success || output.events === 0) return `something of this thread was forgotten${author}`
  const { events, ranges, forgottenAt } = output
  const count = events === 1 ? '1 event was' : `${events} events were`
  return `${count} forgotten${author}, ${calendarDay(forgottenAt)} ${clockTime(forgottenAt)}${places(ranges)}`
}

function places(ranges: readonly IdRange[]): string {
  const named = ranges.slice(0, mostNamed).map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`))
  const more = ranges.length > mostNamed ? [`${ranges.length - mostNamed} more places`] : []
  const isOne = ranges.length === 1 && ranges[0]?.from === ranges[0]?.to
  return named.length === 0 ? '' : ` (${isOne ? 'id' : 'ids'} ${[...named, ...more].join(', ')})`
}
