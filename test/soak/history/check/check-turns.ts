/** One turn at a time in each thread, each with one start and one end. */
import type { History, Violation } from '../history.ts'
import type { LedgerIndex } from './index-ledger.ts'

export function checkTurns({ ledger }: Pick<History, 'ledger'>, { turns }: LedgerIndex): Violation[] {
  const counts = [...turns.values()].flatMap(({ threadId, turnId, starts, ends }): Violation[] => {
    const around = [...starts, ...ends.map(({ id }) => id)]
    const broken = (promise: string) => ({ promise, threadId, turnId, around })
    return [
      ...(starts.length === 1 ? [] : [broken(`the turn has ${starts.length} starts`)]),
      ...(ends.length === 1 ? [] : [broken(`the turn has ${ends.length} ends`)]),
    ]
  })
  return [...counts, ...[...ledger].flatMap(([threadId, events]) => [...checkOverlap(threadId, events)])]
}

function* checkOverlap(
  threadId: string,
  events: History['ledger'] extends ReadonlyMap<string, infer E> ? E : never,
): Generator<Violation> {
  let running: string | null = null
  /** Codex lets a command run on when its turn has ended: the turns of those that run, by item. */
  const commands = new Map<string, string>()
  for (const { id, method, turnId, params } of events) {
    if (turnId === null) continue
    const itemId = params.itemId ?? params.item?.id ?? ''
    const runsOn = commands.get(itemId) === turnId
    const broken = (promise: string): Violation => ({ promise, threadId, turnId, around: [id] })
    if (method === 'turn/started') {
      if (running !== null) yield broken(`started while turn ${running} runs`)
      running = turnId
    } else if (/^(item|turn)\//.test(method) && running !== turnId && !runsOn)
      yield broken(`${method} outside of its turn`)
    if (method === 'item/started' && params.item?.type === 'commandExecution') commands.set(itemId, turnId)
    if (method === 'item/completed') commands.delete(itemId)
    if (method === 'turn/completed') running = null
  }
}
