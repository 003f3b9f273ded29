/** A file that is there whole, or as it was. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { writeWhole } from '../../../src/platform/write-whole.ts'
import { makeScratch, type Scratch } from '../../support/scratch.ts'

describe('Writing a file whole', () => {
  let scratch: Scratch
  let folder: string
  beforeEach(() => {
    scratch = makeScratch()
    folder = join(scratch.dir, 'written')
    mkdirSync(folder)
  })
  afterEach(() => scratch.remove())

  it('replaces what was there, for its owner alone, and leaves nothing else', async () => {
    const file = join(folder, 'state.json')
    writeFileSync(file, 'older and longer', { mode: 0o644 })
    await writeWhole(file, 'new')
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).to.deep.equal(['new', 0o600])
    expect(readdirSync(folder)).to.deep.equal(['state.json'])
  })

  it('leaves nothing behind where it fails', async () => {
    mkdirSync(join(folder, 'folder/full'), { recursive: true })
    const error = await writeWhole(join(folder, 'folder'), 'new').catch((thrown: unknown) => thrown)
    expect(error).to.be.an('error')
    expect(readdirSync(folder)).to.deep.equal(['folder'])
  })
})
