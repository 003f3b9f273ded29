/** Stored turns as events, where the real app-server cannot be made to store them so. */
import { expect } from 'chai'
import type { ThreadItem, Turn } from '../../../../src/codex/decoding/upstream-types.ts'
import { eventsOfTurn } from '../../../../src/codex/threads/events-of-turn.ts'

const second = 1_795_389_670

function turnWith(fields: Partial<Turn>): Turn {
  const ended = { completedAt: second + 5, durationMs: 4_321 }
  return {
    id: 'turn',
    rootTurnId: null,
    items: [],
    itemsView: 'full',
    status: 'completed',
    error: null,
    startedAt: second,
    ...ended,
    ...fields,
  }
}
const plan = (id: string, times: Pick<ThreadItem, 'startedAtMs' | 'completedAtMs'> = {}): ThreadItem => ({
  type: 'plan',
  id,
  text: '',
  ...times,
})
const told = (turn: Turn) =>
  eventsOfTurn('thread', turn).map(({ method, itemId, emittedAtMs }) => [method, itemId, emittedAtMs - second * 1000])

describe('events of a stored turn', () => {
  it('leaves out an item that its turn did not live to complete', () => {
    const items = [
      plan('whole', { startedAtMs: second * 1000, completedAtMs: second * 1000 + 7 }),
      plan('half', { startedAtMs: second * 1000, completedAtMs: null }),
    ]
    expect(told(turnWith({ status: 'interrupted', completedAt: null, durationMs: null, items }))).to.deep.equal([
      ['turn/started', null, 0],
      ['item/completed', 'whole', 7],
      ['turn/completed', null, 7],
    ])
  })

  it('keeps the items of an ended turn from before Codex recorded their times', () => {
    expect(
      told(turnWith({ items: [plan('old'), plan('older', { startedAtMs: null, completedAtMs: null })] })),
    ).to.deep.equal([
      ['turn/started', null, 0],
      ['item/completed', 'old', 0],
      ['item/completed', 'older', 0],
      ['turn/completed', null, 4_321],
    ])
  })

  it('takes the milliseconds of the start from the id of the turn, when they fit the second', () => {
    const idAt = (ms: number) => {
      const hex = ms.toString(16).padStart(12, '0')
      return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
    }
    const startOf = (id: string) => told(turnWith({ id }))[0]?.[2]
    expect([startOf(idAt(second * 1000 + 831)), startOf(idAt(second * 1000 - 60_000))]).to.deep.equal([831, 0])
    expect(told(turnWith({ id: idAt(second * 1000 + 5), startedAt: null }))[0]?.[2]).to.equal(5)
  })

  it('never goes back in time, whatever the items say', () => {
    const items = [
      plan('late', { startedAtMs: second * 1000, completedAtMs: second * 1000 + 900 }),
      plan('early', { startedAtMs: second * 1000, completedAtMs: second * 1000 + 100 }),
    ]
    expect(told(turnWith({ items, durationMs: 500 })).map((event) => event[2])).to.deep.equal([0, 900, 900, 900])
  })
})
