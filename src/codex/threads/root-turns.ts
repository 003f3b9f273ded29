/**
 * Joins stored turns that belong together. Codex stores a review as two: the sub-turn that it ran as, which never gets an end, and the root
 * turn, once that has ended. Live, the two are one turn, the root's.
 */
import type { Turn } from '../decoding/upstream-types.ts'

export interface RootTurn extends Turn {
  /** The id under which Codex runs it, and begins it live, where that is another. */
  readonly runsAs?: string
}

/** `turns` in either order of time; what belongs together stands together in both. */
export async function* rootTurns(turns: AsyncIterable<Turn>, order: 'asc' | 'desc'): AsyncGenerator<RootTurn> {
  let open: RootTurn | undefined
  for await (const stored of turns) {
    const turn = asRoot(stored)
    if (open?.id === turn.id) open = order === 'asc' ? joined(open, turn) : joined(turn, open)
    else {
      if (open) yield open
      open = turn
    }
  }
  if (open) yield open
}

function asRoot(turn: Turn): RootTurn {
  const { id, rootTurnId } = turn
  return !rootTurnId || rootTurnId === id ? turn : { ...turn, id: rootTurnId, runsAs: id }
}

/** The later part has the outcome. */
function joined(earlier: RootTurn, later: RootTurn): RootTurn {
  const { runsAs = later.runsAs, startedAt } = earlier
  const items = [...earlier.items, ...later.items].sort((one, other) => startOf(one) - startOf(other))
  return { ...later, items, startedAt, ...(runsAs !== undefined && { runsAs }) }
}

function startOf({ startedAtMs }: Turn['items'][number]): number {
  return startedAtMs ?? 0
}
