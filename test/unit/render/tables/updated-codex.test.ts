/** Codex was updated under the app-server that runs. */
import { expect } from 'chai'
import { updatedCodex } from '../../../../src/render/tables/updated-codex.ts'

describe('An updated Codex', () => {
  it('is spoken of where both versions are known and differ', () => {
    const pairs = [
      ['0.171.0', '0.171.0'],
      [null, '0.171.0'],
      ['0.171.0', null],
    ] as const
    expect(pairs.map(([version, installed]) => updatedCodex({ version, installed }))).to.deep.equal([null, null, null])
    expect(updatedCodex({ version: '0.171.0', installed: '0.172.0' })).to.match(
      /^Codex 0\.172\.0 is installed, and 0\.171\.0 runs/,
    )
  })
})
