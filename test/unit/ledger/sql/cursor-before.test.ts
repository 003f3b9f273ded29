/** The cursor before a time, held against a reading of every event. */
import { expect } from 'chai'
import { ledgerOfEachTest, newDelta, newEvent, storedThread } from '../../../support/ledger-of-each-test.ts'

/** Numbers from 0 up to 1 that are the same in every run. */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

describe('The cursor before a time', () => {
  const site = ledgerOfEachTest()

  /** By a look at all of them: behind it comes the first event of that time or later. */
  const expected = (times: readonly number[], atMs: number) => {
    const first = times.findIndex((time) => time >= atMs)
    return first === -1 ? times.length : first
  }
  const found = (atMs: number) => site.ledger.events.cursorBefore(storedThread, { atMs })
  const allTimes = (times: readonly number[]) => Array.from({ length: Math.max(...times) + 2 }, (_, atMs) => atMs)

  for (const seed of [1, 2, 3, 4])
    it(`is exact where times go up with the ids, deltas and all (${seed})`, () => {
      const random = numbersFrom(seed)
      let atMs = 0
      const events = Array.from({ length: 120 }, () => {
        atMs += Math.floor(random() * 3)
        return random() < 0.5 ? newDelta('i', atMs) : newEvent('warning', { atMs })
      })
      site.ledger.events.append(events)
      const times = events.map((event) => event.atMs)
      const asked = allTimes(times)
      expect(asked.map(found)).to.deep.equal(asked.map((time) => expected(times, time)))
    })

  for (const seed of [5, 6, 7])
    it(`is exact where lasting events were recorded late, by up to fifty (${seed})`, () => {
      const random = numbersFrom(seed)
      const times = Array.from({ length: 200 }, (_, index) => ({ index, place: index + random() * 50 }))
        .sort((one, other) => one.place - other.place)
        .map(({ index }) => index)
      site.ledger.events.append(times.map((atMs) => newEvent('warning', { atMs })))
      const asked = allTimes(times)
      expect(asked.map(found)).to.deep.equal(asked.map((time) => expected(times, time)))
    })

  it('is the head where there is no event of that time, and 0 in a thread without events', () => {
    expect(found(0)).to.equal(0)
    site.ledger.events.append([newEvent('warning', { atMs: 5 }), newDelta('i', 6)])
    expect([found(6), found(7)]).to.deep.equal([1, 2])
  })

  it('heeds deltas right before the first lasting event alone: an earlier one that is ahead of its time is passed over', () => {
    site.ledger.events.append([newDelta('i', 9), newEvent('warning', { atMs: 1 }), newEvent('warning', { atMs: 9 })])
    expect(found(9)).to.equal(2)
  })

  it('is never taken from another thread', () => {
    site.ledger.threads.open('b')
    site.ledger.events.append([newEvent('warning', { threadId: 'b', atMs: 9 }), newEvent('warning', { atMs: 1 })])
    expect(found(5)).to.equal(1)
  })
})
