/** Looks after the logs that launchd writes, once the daemon serves. */
import { readFileSync } from 'node:fs'
import type { Places } from '../../platform/places/resolve-places.ts'
import { cutErrors, cutLog, daemonErrors, emptyLog } from './agent-logs.ts'

const everyMs = 3_600_000
const mostBytes = 8 * 1024 * 1024
const keptOfErrors = 8 * 1024

/**
 * Empties the errors, which are about daemons before this one, and keeps the app-server's log within bounds from then on.
 *
 * @param onErrors is given the end of what the daemons before this one said; not called when they said nothing
 */
export function lookAfterLogs(places: Places, onErrors: (said: string) => void): void {
  const errors = daemonErrors(places)
  const said = textOf(errors)
  if (said !== '') onErrors(said.slice(-keptOfErrors))
  emptyLog(errors)
  const look = () => {
    cutLog(places.appServerLog, mostBytes)
    cutErrors(places)
  }
  look()
  setInterval(look, everyMs).unref()
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '' // Nothing was ever said.
  }
}
