/** What a deadline says as time passes, on a clock that the test moves. */
import { expect } from 'chai'
import { Deadline } from '../../../../src/platform/time/deadline.ts'

describe('A deadline', () => {
  it('counts what is spent and what is left, and is over only behind its end', () => {
    let nowMs = 500
    const deadline = new Deadline(100, undefined, () => nowMs)
    const seen = [0, 40, 100, 101].map((passedMs) => {
      nowMs = 500 + passedMs
      return [deadline.spentMs, deadline.leftMs, deadline.isOver]
    })
    expect(seen).to.deep.equal([
      [0, 100, false],
      [40, 60, false],
      [100, 0, false],
      [101, 0, true],
    ])
  })
})
