/** Checks that every thread that is busy here runs something in Codex as well. */
import type { Check } from '../check.ts'
import type { HeldTurn } from '../find-held-turns.ts'
import { type Finding, ok } from '../finding.ts'

export const turns: Check = {
  name: 'Turns',
  run: ({ daemon }) =>
    daemon.state === 'running'
      ? judgeTurns(daemon.status.activeTurns, daemon.held)
      : [ok('none: the daemon is not running')],
}

export function judgeTurns(active: number, held: readonly HeldTurn[]): Finding[] {
  if (held.length === 0) return [ok(active === 0 ? 'none runs' : `${active} running`)]
  return held.map(({ threadId, name, turnId, startedAt }) => ({
    level: 'warning',
    what: `thread ${threadId}${name === null ? '' : ` (${name})`} is busy here and idle in Codex, with ${turnId === null ? 'a request' : `turn ${turnId}`} since ${startedAt}`,
    why: 'Nothing can be posted there. The daemon looks into it by itself within two minutes.',
    fix: 'Where it stays: codex-share daemon restart',
  }))
}
