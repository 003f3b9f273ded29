/** Reads what a unit of the user's has written to the journal. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import * as v from 'valibot'
import type { Environment } from '../../platform/places/resolve-places.ts'
import { runTool } from '../../platform/system/run-tool.ts'
import { ShareError } from '../../protocol/errors.ts'
import { systemdUnits } from '../service-units.ts'

export interface JournalOptions {
  /** Milliseconds since 1970. */
  readonly sinceMs?: number | undefined
  /** At most that many of the newest. */
  readonly lines?: number | undefined
}

/**
 * The daemon's log lines, oldest first, as the daemon wrote them.
 *
 * @throws ShareError `unavailable` when the journal cannot be read, as by users of machines that keep journals in memory only
 */
export async function readJournal(options: JournalOptions, env: Environment): Promise<string[]> {
  const { code, stdout, complaint } = await runTool('journalctl', argumentsFor(options), { env: { ...env } })
  if (code !== 0 && complaint !== '')
    throw new ShareError('unavailable', `the journal cannot be read: ${complaint}`, {
      hint: 'Ask an administrator to put you into the group systemd-journal.',
    })
  return stdout.split('\n').filter((line) => line !== '')
}

/** The same lines and those that are written from then on, none left out between the two. Never ends by itself. */
export async function* followJournal(
  options: JournalOptions,
  env: Environment,
): AsyncGenerator<string[], void, undefined> {
  // Without `--no-tail` it would begin with the newest ten.
  const tail = options.lines === undefined ? ['--no-tail'] : []
  const journal = spawn('journalctl', [...argumentsFor(options), '-f', ...tail], {
    env: { ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    for await (const line of createInterface({ input: journal.stdout })) yield [line]
  } finally {
    journal.kill()
  }
}

/** What the daemon said last of what went wrong; empty when it said nothing. */
export async function lastComplaint(env: Environment): Promise<string> {
  const lines = await readJournal({ lines: 10 }, env).catch(() => []) // Without the journal the exit code has to do.
  const messages = lines.map(complaintOf).filter((message) => message !== '')
  return messages.at(-1) ?? ''
}

/** Not `--user`, which looks into the user's own journal file alone, and that is not there where journals are kept in memory. */
const which = ['--user-unit', systemdUnits.daemon, '-o', 'cat', '-q']

function argumentsFor({ sinceMs, lines }: JournalOptions): string[] {
  return [
    ...which,
    ...(sinceMs === undefined ? [] : ['--since', `@${sinceMs / 1000}`]),
    ...(lines === undefined ? [] : ['-n', String(lines)]),
  ]
}

/** The message of a line about a failure: one of the log from `error` upwards, or what the command said before it ended. */
function complaintOf(line: string): string {
  const [, said] = /^Error: (.+)$/.exec(line) ?? []
  if (said !== undefined || !line.startsWith('{')) return said ?? ''
  const { success, output } = v.safeParse(entrySchema, parseLine(line))
  return success && output.level >= 50 ? (output.err?.message ?? output.msg) : ''
}

const entrySchema = v.object({
  level: v.number(),
  msg: v.string(),
  err: v.optional(v.object({ message: v.string() })),
})

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // Cut off by a crash.
  }
}
