/** Writes log lines to the journal that systemd has connected to stdout, each with its priority. */
import { fstatSync } from 'node:fs'
import type { DestinationStream } from 'pino'
import type { Environment } from '../places/resolve-places.ts'

/** Whether stdout is the journal: systemd says which device and inode that is, and a redirected stdout is another. */
export function stdoutIsJournal({ JOURNAL_STREAM: stream }: Environment): boolean {
  if (!stream) return false
  const { dev, ino } = fstatSync(1)
  return stream === `${dev}:${ino}`
}

/** A destination for pino. `<4>` before a line makes it a warning for `journalctl --priority`; the journal takes the mark off. */
export function journalStream(out: NodeJS.WritableStream): DestinationStream {
  const stream = {
    // pino then keeps `lastLevel` up to date before each write.
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 30,
    write: (line: string) => void out.write(`<${priorityOf(stream.lastLevel)}>${line}`),
  }
  return stream
}

/** syslog's numbers for pino's. */
function priorityOf(level: number): number {
  if (level >= 60) return 2
  if (level >= 50) return 3
  if (level >= 40) return 4
  return level >= 30 ? 6 : 7
}
