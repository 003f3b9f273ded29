/** The daemon's log: pino's JSON lines, in the journal, or in a file that is rotated by size and readable only by its owner. */
import { basename, dirname } from 'node:path'
import { type Logger, pino } from 'pino'
import { createStream } from 'rotating-file-stream'
import type { Settings } from '../settings/settings.ts'
import { journalStream } from './journal-log.ts'

export type { Logger }

export interface LogHandle {
  readonly logger: Logger
  /** Writes out what is left. */
  close(): Promise<void>
}

/** Opens the log at `file` (made if missing, 0600), in a folder that is there. */
export function openLog(file: string, { level, megabytes, files }: Settings['log']): LogHandle {
  const name = basename(file)
  const stream = createStream((_time, index) => (index === undefined ? name : `${name}.${index}`), {
    path: dirname(file),
    mode: 0o600,
    size: `${megabytes}M`,
    rotate: files,
  })
  // A full disk must not take the daemon down with it: what cannot be logged is dropped.
  stream.on('error', () => {})
  const logger = pino(options(level), stream)
  return { logger, close: () => new Promise((resolve) => stream.end(() => resolve())) }
}

/** Logs to the journal that stdout is; it sees to size and age by itself. */
export function openJournal({ level }: Settings['log']): LogHandle {
  const logger = pino(options(level), journalStream(process.stdout))
  return { logger, close: () => new Promise((resolve) => process.stdout.write('', () => resolve())) }
}

function options(level: Settings['log']['level']) {
  return { level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
}
