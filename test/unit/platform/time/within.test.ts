/** Waits that end. */
import { expect } from 'chai'
import { isDoneWithin, isSoWithin } from '../../../../src/platform/time/within.ts'

describe('Waiting for something to be so', () => {
  it('asks until it is, and gives up when the time is over', async () => {
    let asked = 0
    expect(await isSoWithin(10_000, () => ++asked === 3, 1)).to.equal(true)
    expect(asked).to.equal(3)
    expect(await isSoWithin(20, async () => false, 1)).to.equal(false)
  })

  it('asks at least once', async () => {
    expect(await isSoWithin(0, () => true)).to.equal(true)
  })
})

describe('Waiting for something to be done', () => {
  it('ends with it, or when the time is over', async () => {
    const never = new Promise(() => {})
    expect(await isDoneWithin(10_000, Promise.resolve())).to.equal(true)
    expect(await isDoneWithin(10_000, undefined)).to.equal(true)
    const keep = setInterval(() => {}, 1000)
    expect(await isDoneWithin(20, never)).to.equal(false)
    clearInterval(keep)
  })

  it('fails as it fails', async () => {
    const error = await isDoneWithin(10_000, Promise.reject(new Error('no'))).catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(Error).with.property('message', 'no')
  })
})
