/** Work in a folder that somebody takes away meanwhile. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { workInFolder } from '../../../../src/platform/places/own-folders.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'

describe('Work in a folder', () => {
  let scratch: Scratch
  beforeEach(() => {
    scratch = makeScratch()
  })
  afterEach(() => scratch.remove())

  const folder = () => ({ what: 'runtime folder', path: join(scratch.dir, 'folder'), variable: null })
  const file = () => join(folder().path, 'file')

  it('is repeated in a new one where that is taken away', async () => {
    let removals = 3
    const worked = await workInFolder(folder(), async () => {
      if (removals-- > 0) rmSync(folder().path, { recursive: true })
      writeFileSync(file(), '')
      return 'done'
    })
    expect([worked, existsSync(file())]).to.deep.equal(['done', true])
  })

  it('gives up where that goes on', async () => {
    let times = 0
    const error = await workInFolder(folder(), async () => {
      times += 1
      rmSync(folder().path, { recursive: true })
      writeFileSync(file(), '')
    }).catch((thrown: unknown) => thrown)
    expect(error).to.have.property('code', 'ENOENT')
    expect(times).to.equal(5)
  })

  it('is done once where it fails for another reason, or cannot begin', async () => {
    let times = 0
    const fails = async () => {
      times += 1
      mkdirSync(folder().path)
    }
    const errors = [
      await workInFolder(folder(), fails).catch((thrown: unknown) => thrown),
      await workInFolder({ ...folder(), path: '/proc/no/folder' }, fails).catch((thrown: unknown) => thrown),
    ]
    expect(errors[0]).to.have.property('code', 'EEXIST')
    expect(errors[1]).to.have.property('errorName', 'unavailable')
    expect(times).to.equal(1)
  })
})
