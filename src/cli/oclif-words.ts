/** oclif's complaints about arguments in this program's words, on one line. Text is only changed here: nothing is decided by it. */
import { stripVTControlCharacters } from 'node:util'

const rewordings: readonly (readonly [RegExp, (...found: string[]) => string])[] = [
  [/^Missing \d+ required args?: (\S+) +(.*)$/, (_, word = '', what) => `${word.toUpperCase()} is missing: ${what}`],
  [/^Missing required flag (\S+)$/, (_, flag) => `--${flag} is missing`],
  [/^Nonexistent flags?: (.+)$/, (_, flags) => `there is no flag ${flags}`],
  [/^Unexpected arguments?: (.+)$/, (_, words) => `unexpected argument “${words}”`],
  [/^Flag (--\S+) expects a value$/, (_, flag) => `${flag} takes a value`],
  [/^Expected (--[\w-]+)=(.*) to be one of: (.*)$/, (_, flag, got, forms) => `${flag} takes ${forms}: got “${got}”`],
  [
    /^Parsing (--\S+) Expected an integer but received: (.*)$/,
    (_, flag, got) => `${flag} takes a whole number: got “${got}”`,
  ],
  [
    /^Parsing (--\S+) Expected an integer (greater|less) than or equal to (\S+) but received: (.*)$/,
    (_, flag, way, limit, got) =>
      `${flag} takes a whole number of at ${way === 'greater' ? 'least' : 'most'} ${limit}: got “${got}”`,
  ],
  [
    /^(--[\w-]+)=.* cannot also be provided when using (--\S+)$/,
    (_, one = '', other = '') => `${[one, other].sort().join(' and ')} cannot be given together`,
  ],
]

/** What is not known here stays as it is. The same thing said twice, as of two flags that exclude each other, is said once. */
export function rewordOclif(message: string): string {
  const text = stripVTControlCharacters(message)
    .replace(/\nSee more help with --help$/, '')
    .replace(/^The following errors? occurred:\n/, '')
    .replaceAll(/:\n/g, ': ')
    .replaceAll(/\s*\n\t/g, ' ')
  return [...new Set(text.split('\n').map((line) => reword(line.trim())))].join('; ')
}

function reword(complaint: string): string {
  const [pattern, words] = rewordings.find(([known]) => known.test(complaint)) ?? []
  return pattern && words ? complaint.replace(pattern, words) : complaint
}
