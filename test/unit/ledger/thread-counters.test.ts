/** What an append does to a thread's counters. */
import { expect } from 'chai'
import type { NewEvent } from '../../../src/ledger/event-text.ts'
import { CountedAppend, type ThreadCounters } from '../../../src/ledger/thread-counters.ts'
import { newCompletion, newDelta, newEvent } from '../../support/ledger-of-each-test.ts'

const before: ThreadCounters = {
  ...{ threadId: 'a', key: 1, nextId: 10, savedId: 10, prunedTo: 0, events: 5 },
  growing: new Map([['old', 7]]),
}

describe('The counters of a thread', () => {
  const count = (events: readonly NewEvent[], from = before) => {
    const append = new CountedAppend(from)
    return { append, counted: events.map((event) => append.count(event)) }
  }
  const seen = ({ nextId, savedId, events, growing }: ThreadCounters) => [nextId, savedId, events, [...growing]]

  const cases: readonly {
    readonly title: string
    readonly events: readonly NewEvent[]
    readonly from?: ThreadCounters
    readonly after: readonly unknown[]
    readonly isRowDue?: boolean
    readonly dropped?: readonly object[]
  }[] = [
    {
      title: 'count what stays, and have the row written with the next id',
      ...{ events: [newEvent('warning'), newEvent('warning')], after: [12, 12, 7, [['old', 7]]] },
    },
    {
      title: 'do not count deltas, and note where an item began to grow',
      events: [newDelta('i'), newDelta('i'), newDelta('old')],
      after: [
        ...[13, 1013, 5],
        [
          ['old', 7],
          ['i', 10],
        ],
      ],
    },
    {
      title: 'leave the row alone while it is ahead of the deltas',
      ...{ events: [newDelta('old')], from: { ...before, savedId: 500 } },
      ...{ after: [11, 500, 5, [['old', 7]]], isRowDue: false },
    },
    {
      title: 'bring the row back to the next id with the first event that stays',
      ...{ events: [newEvent('warning')], from: { ...before, savedId: 500 }, after: [11, 11, 6, [['old', 7]]] },
    },
    {
      title: 'let the deltas of a complete item go from its first on, in this append or before',
      events: [newDelta('i'), newCompletion('i'), newCompletion('old'), newCompletion('never grew')],
      after: [14, 14, 8, []],
      dropped: [
        { itemId: 'i', from: 10 },
        { itemId: 'old', from: 7 },
      ],
    },
  ]
  for (const { title, events, from, after, isRowDue = true, dropped = [] } of cases)
    it(title, () => {
      const { append } = count(events, from)
      const { isRowDue: due, dropped: gone } = append
      expect({ after: seen(append.after), due, gone }).to.deep.equal({ after, due: isRowDue, gone: dropped })
    })

  it('of before the append stay as they are', () => {
    const copy = structuredClone(before)
    void count([newDelta('i'), newCompletion('old')]).append.after
    expect(before).to.deep.equal(copy)
  })

  it('give each event its id, and tell which item it is a delta of', () => {
    expect(count([newEvent('warning', { itemId: 'x' }), newDelta('i')]).counted).to.deep.equal([
      { id: 10, deltaOf: null },
      { id: 11, deltaOf: 'i' },
    ])
  })

  it('take the time of events of a turn alone', () => {
    const events = [newEvent('warning', { atMs: 7 }), newEvent('warning', { atMs: 99, turnId: null })]
    expect(count(events).append.latestMs).to.equal(7)
  })
})
