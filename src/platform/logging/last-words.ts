/** Reads the end of a daemon's log after it ended, shortened for an error message. */
import { readFileSync } from 'node:fs'
import { memberOf } from '../../protocol/json/read-json.ts'

const lines = 5
const longestLine = 400

/** The last lines from byte `start` on, each on a line of its own, or the empty string. */
export function readLastWords(file: string, start: number): string {
  let text: string
  try {
    text = readFileSync(file).subarray(start).toString('utf8')
  } catch {
    return '' // Rotated away or not readable: the exit code has to do.
  }
  const said = text
    .split('\n')
    .map(readMessage)
    .filter((line) => line !== '')
  // What it said to people, where it came to that, is in its log as well.
  const forPeople = said.findLastIndex((line) => line.startsWith('Error: '))
  return said
    .slice(forPeople === -1 ? -lines : forPeople)
    .slice(0, lines)
    .map((line) => `\n  ${line.slice(0, longestLine)}`)
    .join('')
}

/** The message of a line of the log; other lines (a stack, the system's own words) as they are. */
function readMessage(line: string): string {
  if (!line.startsWith('{')) return line.trim()
  try {
    const entry: unknown = JSON.parse(line)
    const said = [memberOf(entry, 'msg'), memberOf(memberOf(entry, 'err'), 'message')].filter(isText).join(': ')
    // pino adds the message of the cause, which for an error of the system is the same again.
    return said.replace(/(.{8,}): \1$/, '$1')
  } catch {
    return line // Half a line.
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
