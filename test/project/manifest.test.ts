/** Keeps oclif.manifest.json what the commands say. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { manifestText } from '../../scripts/manifest.ts'

describe('oclif.manifest.json', () => {
  it('is what `npm run manifest` writes from the commands', async () => {
    const committed = readFileSync(path.join(import.meta.dirname, '../../oclif.manifest.json'), 'utf8')
    expect(JSON.parse(committed)).to.deep.equal(JSON.parse(await manifestText()))
  })
})
