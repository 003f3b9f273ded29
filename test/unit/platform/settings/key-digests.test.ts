/** Comparing API keys of two environments by digests. */
import { expect } from 'chai'
import { changedKeys, digestKeys } from '../../../../src/platform/settings/key-digests.ts'

describe('digests of API keys', () => {
  const names = ['SAME', 'ROTATED', 'ADDED', 'REMOVED', 'EMPTY']
  const then = digestKeys(names, { SAME: 'a', ROTATED: 'b', REMOVED: 'c', EMPTY: '', OTHER: 'x' })

  it('name the keys that are set to something else, and not those that are only missing here', () => {
    const now = { SAME: 'a', ROTATED: 'B', ADDED: 'd', EMPTY: '', OTHER: 'y' }
    expect(changedKeys(then, now)).to.deep.equal(['ROTATED', 'ADDED'])
  })

  it('are others each time, so that two of them tell nothing', () => {
    const [one] = digestKeys(['SAME'], { SAME: 'a' }).keys
    expect(one?.digest)
      .to.match(/^[0-9a-f]{64}$/)
      .and.not.equal(then.keys[0]?.digest)
  })
})
