/** Parses a span of time for flags such as `--timeout`: `90s`, `5m`, `2h`, `500ms`, or plain seconds. */
import { ShareError } from '../../protocol/errors.ts'

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

/** Timers count in 32 bits; anything longer would fire at once. */
export const longestSpanMs = 2 ** 31 - 1

/**
 * @returns milliseconds
 * @throws ShareError `usage`
 */
export function parseTimeSpan(text: string, flag: string): number {
  const [, count, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? []
  const ms = Math.round(Number(count) * (Object.hasOwn(unitMs, unit) ? unitMs[unit as keyof typeof unitMs] : 1))
  if (count !== undefined && ms > 0 && ms <= longestSpanMs) return ms
  throw new ShareError('usage', `${flag} takes a span such as 90s, 5m or 1h, of at most 24 days: got “${text}”`)
}
