/**
 * The files that launchd writes our agents' output to. It never shortens them, and has them open: they are cut in place, which takes
 * no more than a line from somebody who writes at that very moment.
 */
import { copyFileSync, statSync, truncateSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readLastWords } from '../../platform/logging/last-words.ts'
import type { Places } from '../../platform/places/resolve-places.ts'

const mostErrorBytes = 1024 * 1024

/**
 * What the daemon says to people before it is up, and Node before it dies. The daemon empties it once it serves, so that what is in it
 * is why none does.
 */
export function daemonErrors({ daemonLog }: Pick<Places, 'daemonLog'>): string {
  return join(dirname(daemonLog), 'daemon.stderr.log')
}

/** Why the daemon is not up, in its own last words; empty when it said nothing. */
export function lastErrors(places: Pick<Places, 'daemonLog'>): string {
  return readLastWords(daemonErrors(places), 0)
    .replace(/^\s*(Error: )?/, '')
    .trimEnd()
}

/** A daemon that cannot start adds to its errors, and never gets as far as emptying them. */
export function cutErrors(places: Pick<Places, 'daemonLog'>): void {
  cutLog(daemonErrors(places), mostErrorBytes)
}

/** Above so many bytes the file is copied to `FILE.1` and emptied. A log that cannot be looked after is no reason to end. */
export function cutLog(file: string, mostBytes: number): void {
  try {
    if (statSync(file).size <= mostBytes) return
    copyFileSync(file, `${file}.1`)
    truncateSync(file)
  } catch {
    // Not there yet, or a full disk: the next look may do.
  }
}

export function emptyLog(file: string): void {
  try {
    truncateSync(file)
  } catch {
    // It is not there.
  }
}
