/** Parses `--from` and `--since`: an RFC 3339 time, `@unix-seconds`, or an age such as `10m`; `--from` also takes an event id. */

import { Flags } from '@oclif/core'
import { ShareError } from '../../protocol/errors.ts'
import type { StartingPoint } from '../../protocol/events.ts'

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

const timeForms = 'a time (2026-11-22T14:00:00Z), @unix-seconds, or an age (45s, 10m, 2h, 1d, 1w)'
const wholeTime = 'a whole time with seconds and zone, such as 2026-11-22T14:00:00Z or 2026-11-22T14:00:00+01:00'

interface TimeFlag {
  readonly flag: string
  /** What it takes, for people, where that is more than a time. */
  readonly forms?: string
}

const rfc3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d(?:\.\d+)?)([Zz]|[+-]\d\d:\d\d)$/

/**
 * @param now milliseconds since 1970, for ages
 * @throws ShareError `usage`
 */
export function parseStartingPoint(text: string, now: number): StartingPoint {
  if (/^\d+$/.test(text)) return { id: eventId(text, '--from') }
  return { atMs: parseTime(text, now, { flag: '--from', forms: `an event id (42), ${timeForms}` }) }
}

/**
 * @param now milliseconds since 1970, for ages
 * @returns milliseconds since 1970
 * @throws ShareError `usage` that names the flag and what it takes
 */
export function parseTime(text: string, now: number, { flag, forms = timeForms }: TimeFlag): number {
  const [, seconds] = /^@(\d+(?:\.\d+)?)$/.exec(text) ?? []
  if (seconds !== undefined) return Math.round(Number(seconds) * 1000)
  const [, count, unit] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text) ?? []
  if (count !== undefined && isUnit(unit)) return Math.max(0, now - Math.round(Number(count) * unitMs[unit]))
  const [, day, time, zone] = rfc3339.exec(text) ?? []
  const atMs = Date.parse(`${day}T${time}${zone?.toUpperCase()}`)
  if (day !== undefined && !Number.isNaN(atMs) && isInCalendar(day)) return atMs
  if (day !== undefined) throw new ShareError('usage', `${flag}: there is no such day or time: “${text}”`)
  throw new ShareError('usage', `${flag} takes ${isPartOfTime(text) ? wholeTime : forms}: got “${text}”`)
}

/**
 * An id as `--from` and `--after` take it.
 *
 * @throws ShareError `usage`
 */
export function eventId(text: string, flag: string): number {
  const id = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(id)) return id
  throw new ShareError('usage', `${flag} takes an event id, a whole number: got “${text}”`)
}

function isUnit(unit: string | undefined): unit is keyof typeof unitMs {
  return unit !== undefined && Object.hasOwn(unitMs, unit)
}

/** `Date.parse` makes 3 March of 31 February. */
function isInCalendar(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}

function isPartOfTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d.*)?$/.test(text)
}

export const fromFlag = Flags.string({
  helpValue: 'WHERE',
  exclusive: ['after'],
  description:
    'Begin there: an event id (that one and later), a time such as 2026-11-22T14:00:00Z, @unix-seconds, or an age (45s, 10m, 2h, 1d, 1w).',
})

export const afterFlag = Flags.string({
  helpValue: 'ID',
  exclusive: ['from'],
  description: 'Begin behind this event id: what a script that goes on reading gives.',
})
