/** One line of the daemon's log (JSON by pino) as people read it. */

import { numberOf, objectOf, textOf } from '../protocol/json/read-json.ts'
import { visibleLine, visibleText } from '../protocol/text/visible-text.ts'
import { calendarDay, clockTime } from './terminal/clock.ts'
import { proseText } from './terminal/prose-text.ts'
import type { Look, Paint } from './terminal/theme.ts'

const levels: Readonly<Record<number, readonly [string, Look]>> = {
  10: ['trace', 'quiet'],
  20: ['debug', 'quiet'],
  30: ['info ', 'good'],
  40: ['warn ', 'caution'],
  50: ['error', 'bad'],
  60: ['fatal', 'bad'],
}

/** Members that every line has and nobody reads. */
const boilerplate = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'v', 'name'])

/** `2026-11-22 14:03:05 info  message  key=value …`; a line that is not JSON (a crash's last words) is given back made safe. */
export function logLine(line: string, paint: Paint): string {
  const entry = parseLine(line)
  if (entry === undefined) return proseText(line)
  const [name, look] = levels[numberOf(entry.level) ?? 30] ?? ['info ', 'quiet']
  const at = isoTime(entry.time)
  const { err, ...members } = Object.fromEntries(Object.entries(entry).filter(([key]) => !boilerplate.has(key)))
  const details = Object.entries(members).map(
    ([key, value]) => `${key}=${visibleLine(typeof value === 'string' ? value : JSON.stringify(value))}`,
  )
  const stack = textOf(objectOf(err).stack) || textOf(objectOf(err).message)
  return [
    paint('quiet', `${calendarDay(at)} ${clockTime(at)}`),
    paint(look, name),
    visibleLine(textOf(entry.msg)),
    ...(details.length > 0 ? [paint('quiet', details.join(' '))] : []),
    ...(stack === '' ? [] : [`\n${paint('quiet', visibleText(stack).replaceAll(/^/gm, '    '))}`]),
  ].join(' ')
}

/** The time of a log line in milliseconds since 1970, or undefined when it has none. */
export function logTime(line: string): number | undefined {
  const time = Date.parse(isoTime(parseLine(line)?.time))
  return Number.isNaN(time) ? undefined : time
}

/** pino writes milliseconds or RFC 3339, as it was set up. */
function isoTime(time: unknown): string {
  const ms = numberOf(time)
  return ms === null ? textOf(time) : new Date(ms).toISOString()
}

function parseLine(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return objectOf(JSON.parse(line))
  } catch {
    // Half a line, cut off by a crash: shown as it is.
    return undefined
  }
}
