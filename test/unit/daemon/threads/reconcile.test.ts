/** What the ledger missed, out of the stored turns. */
import { expect } from 'chai'
import type { Turn } from '../../../../src/codex/decoding/upstream-types.ts'
import { type KnownTurn, missingEvents } from '../../../../src/daemon/threads/reconcile.ts'

const item = (id: string, completedAtMs: number | null) => ({
  type: 'plan' as const,
  id,
  text: id,
  startedAtMs: 1,
  completedAtMs,
})

function turn(more: Partial<Turn>): Turn {
  return {
    id: 't1',
    rootTurnId: 't1',
    items: [item('i1', 2000), item('i2', 3000)],
    itemsView: 'full',
    status: 'completed',
    error: null,
    startedAt: 1,
    completedAt: 4,
    durationMs: 3000,
    ...more,
  }
}

function missing(stored: Turn, known: Partial<KnownTurn> = {}, isHistory = false) {
  const all = { started: false, ended: false, completedItems: new Set<string>(), ...known }
  return missingEvents({ threadId: 'a', turns: [stored], known: () => all, isHistory }).map(
    ({ method, itemId, params }) => {
      const { turn: told } = params as { turn?: { status: string } }
      return [method, itemId ?? told?.status]
    },
  )
}

describe('reconciling', () => {
  it('adds a turn whole that nobody saw', () => {
    expect(missing(turn({}))).to.deep.equal([
      ['turn/started', 'inProgress'],
      ['item/completed', 'i1'],
      ['item/completed', 'i2'],
      ['turn/completed', 'completed'],
    ])
  })

  it('adds only what is missing of a turn that was seen to begin', () => {
    expect(missing(turn({}), { started: true, completedItems: new Set(['i1']) })).to.deep.equal([
      ['item/completed', 'i2'],
      ['turn/completed', 'completed'],
    ])
  })

  it('adds nothing to a turn that was seen to end, and leaves a running one open', () => {
    expect(missing(turn({}), { started: true, ended: true })).to.deep.equal([])
    const running = turn({ status: 'inProgress', completedAt: null, durationMs: null, items: [item('i1', null)] })
    expect(missing(running, { started: true })).to.deep.equal([])
  })

  it('calls a turn failed that was running when its app-server died, and interrupted when a person stopped it', () => {
    const died = turn({ status: 'interrupted', completedAt: null, durationMs: null, items: [] })
    expect(missing(died, { started: true })).to.deep.equal([['turn/completed', 'failed']])
    expect(missing(died).at(-1)).to.deep.equal(['turn/completed', 'failed'])
    expect(missing(died, {}, true).at(-1)).to.deep.equal(['turn/completed', 'interrupted'])
    expect(missing(turn({ status: 'interrupted', items: [] }), { started: true })).to.deep.equal([
      ['turn/completed', 'interrupted'],
    ])
  })
})
