/** How long the supervisor waits between tries. */
import { expect } from 'chai'
import { BackOff } from '../../../../src/codex/supervision/back-off.ts'

describe('back-off', () => {
  it('doubles from half a second, and is half a minute from the fifth failure in a row on', () => {
    const backOff = new BackOff()
    const nominal = [500, 1_000, 2_000, 4_000, 30_000, 30_000]
    for (const wait of nominal) {
      const failed = backOff.countFailure()
      expect(failed).to.be.within(wait * 0.75, wait * 1.25)
      expect(failed).to.equal(Math.round(failed))
    }
    expect([backOff.isDegraded, backOff.failures]).to.deep.equal([true, 6])
  })

  it('begins anew after a reset', () => {
    const backOff = new BackOff({ firstMs: 100, longestMs: 1_000, degradedAfter: 2 })
    backOff.countFailure()
    backOff.countFailure()
    backOff.reset()
    expect(backOff.isDegraded).to.equal(false)
    expect(backOff.countFailure()).to.be.within(75, 125)
  })

  it('does not wait the same time twice, so that many who failed at once do not meet again', () => {
    const waits = Array.from({ length: 20 }, () => new BackOff().countFailure())
    expect(new Set(waits).size).to.be.above(1)
  })
})
