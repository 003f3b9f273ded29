/** Which methods of the grammar the cases have met, and how they were answered. */
import type { AttackReport } from './attack.ts'
import type { Grammar, SocketName } from './grammar.ts'

type Met = Readonly<Record<SocketName, ReadonlyMap<string, readonly [accepted: number, refused: number]>>>

export function mergeMet(reports: readonly AttackReport[]): Met {
  const merge = (socket: SocketName) => {
    const all = new Map<string, readonly [number, number]>()
    for (const [method, [accepted, refused]] of reports.flatMap(({ met }) => Object.entries(met[socket]))) {
      const [before, after] = all.get(method) ?? [0, 0]
      all.set(method, [before + accepted, after + refused])
    }
    return all
  }
  return { daemon: merge('daemon'), codex: merge('codex') }
}

export function coverageLines(grammar: Grammar, met: Met): string[] {
  const lines = (['daemon', 'codex'] as const).flatMap((socket) => {
    const methods = grammar.methods[socket]
    const missed = methods.filter((method) => !met[socket].has(method))
    const counts = [...met[socket].values()]
    const sum = (index: 0 | 1) => counts.reduce((total, one) => total + one[index], 0)
    const never = missed.length === 0 ? '' : `; never: ${missed.join(', ')}`
    const taken = methods.filter((method) => (met[socket].get(method)?.[0] ?? 0) > 0).length
    return `${socket}.sock: ${methods.length - missed.length} of ${methods.length} methods answered, ${taken} of them accepted; ${sum(0)} times accepted, ${sum(1)} times refused${never}`
  })
  const reasons = Object.groupBy(grammar.withheld, ([, reason]) => reason)
  const withheld = Object.entries(reasons).map(([reason, those = []]) => `${those.length} ${reason}`)
  return [...lines, `not called on codex.sock: ${withheld.join(', ')}`]
}

/** Methods that were let through on `daemon.sock` and should never be. */
export function forbiddenAcceptances(grammar: Grammar, { daemon }: Met): string[] {
  return [...daemon]
    .filter(([method, [accepted]]) => accepted > 0 && !grammar.isLetThrough(method))
    .map(([method]) => method)
}
