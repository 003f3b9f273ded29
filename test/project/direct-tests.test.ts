/** Holds that no file of the heart is without a test of its own in the unit layer. */
import { expect } from 'chai'
import { heartWithoutTest } from '../coverage/heart.ts'

describe('The heart', () => {
  it('has a direct test of every file', () => {
    expect(heartWithoutTest()).to.deep.equal([])
  })
})
