/** Codex was updated under the app-server that runs. */
import { expect } from 'chai'
import { updatedCodex } from '../../../../src/render/tables/updated-codex.ts'

describe('An updated Codex', () => {
  it('is spoken of where both versions are known and differ', () => {
    const pairs = [
      ['1.2.0', '1.2.0'],
      [null, '1.2.0'],
      ['1.2.0', null],
    ] as const
    expect(pairs.map(([version, installed]) => updatedCodex({ version, installed }))).to.deep.equal([null, null, null])
    expect(updatedCodex({ version: '1.2.0', installed: '1.3.0' })).to.match(
      /^Codex 1\.3\.0 is installed, and 1\.2\.0 runs/,
    )
  })
})
