/** Checks that this terminal can show the UI. */
import type { Environment } from '../../platform/places/resolve-places.ts'
import type { Check } from '../check.ts'
import { type Finding, ok } from '../finding.ts'

export const terminal: Check = {
  name: 'Terminal',
  run: ({ env }) => judgeTerminal({ env, isTerminal: process.stdout.isTTY === true }),
}

export function judgeTerminal({
  env,
  isTerminal,
}: {
  readonly env: Environment
  readonly isTerminal: boolean
}): Finding[] {
  if (!isTerminal) return [ok('output goes to no terminal')]
  const findings: Finding[] = []
  const { TERM: term = '', LC_ALL, LC_CTYPE, LANG } = env
  if (term === '' || term === 'dumb')
    findings.push({
      level: 'warning',
      what: `TERM is “${term}”`,
      why: 'The UI needs a terminal that can move its cursor.',
      fix: 'export TERM=xterm-256color',
    })
  const locale = LC_ALL || LC_CTYPE || LANG || ''
  if (!/utf-?8/i.test(locale))
    findings.push({
      level: 'warning',
      what: `the locale is “${locale}”`,
      why: 'Frames and many letters come out garbled.',
      fix: 'export LANG=C.UTF-8',
    })
  return findings.length > 0 ? findings : [ok(`${term}, ${locale}`)]
}
