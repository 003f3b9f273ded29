/** How deep JSON is nested. */
import { expect } from 'chai'
import { isDeeperThan } from '../../../../src/protocol/json/nesting.ts'

describe('The depth of a value', () => {
  const nested = (levels: number): unknown => {
    let value: unknown = 1
    for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: 1, b: value }
    return value
  }

  it('counts objects and lists, from the value itself', () => {
    const isDeeper = [1, null, nested(3), nested(4), nested(5)].map((value) => isDeeperThan(4, value))
    expect(isDeeper).to.deep.equal([false, false, false, false, true])
  })

  it('costs no stack beyond the limit', () => {
    expect(isDeeperThan(100, nested(100_000))).to.equal(true)
  })
})
