/** Times and durations as people read them: local time, short units. */

/** `14:03:05` in local time, or the text itself when it is no time. */
export function clockTime(at: string): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return at
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
}

/** `2026-11-22` in local time, or the empty string when it is no time. */
export function calendarDay(at: string): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return ''
  return [String(date.getFullYear()), two(date.getMonth() + 1), two(date.getDate())].join('-')
}

/** Milliseconds as `12 ms`, `0.3 s`, `12 s`, `3 min 5 s`, `2 h 10 min` or `4 d 3 h`. */
export function duration(ms: number): string {
  if (ms < 99.5) return `${Math.max(0, Math.round(ms))} ms`
  const seconds = ms / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return twoUnits(Math.floor(whole / 60), 'min', whole % 60, 's')
  const minutes = Math.round(whole / 60)
  if (minutes < 1440) return twoUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(minutes / 60)
  return twoUnits(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

/** As `duration`, but of something that is still running: `0 s`, `7 s`, `3 min 5 s`. */
export function runningFor(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  return seconds < 60 ? `${seconds} s` : duration(seconds * 1000)
}

/** How long ago a time was, `now` in milliseconds since 1970. */
export function age(at: string, now: number): string {
  const then = Date.parse(at)
  if (Number.isNaN(then)) return at
  const seconds = Math.max(0, Math.round((now - then) / 1000))
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  return `${Math.floor(seconds / 86_400)} d ago`
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
