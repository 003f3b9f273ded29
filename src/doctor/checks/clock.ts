/** Checks that the clock makes sense. */
import { statSync } from 'node:fs'
import type { Check } from '../check.ts'
import { type Finding, ok } from '../finding.ts'

const minuteMs = 60_000
/** This program is not older than that. */
const beginning = Date.UTC(2025, 0, 1)

export const clock: Check = {
  name: 'Clock',
  run({ places: { ledgerFile }, now }) {
    return [judgeClock(now, statSync(ledgerFile, { throwIfNoEntry: false })?.mtimeMs ?? null)]
  },
}

/** @param lastWrite when the ledger was last written, null when never; both in milliseconds since 1970 */
export function judgeClock(now: number, lastWrite: number | null): Finding {
  const fix = 'timedatectl status'
  if (now < beginning)
    return {
      level: 'problem',
      what: `the clock says ${new Date(now).toISOString()}`,
      why: 'Logins and times of events will be wrong.',
      fix,
    }
  if (lastWrite !== null && lastWrite > now + minuteMs)
    return {
      level: 'warning',
      what: `the clock went back: the ledger was written at ${new Date(lastWrite).toISOString()}`,
      why: 'The order of events holds, but reading “from a time” will miss some.',
      fix,
    }
  return ok(new Date(now).toISOString())
}
