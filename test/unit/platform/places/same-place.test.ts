/** One folder may have several spellings. */
import { linkSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { isSamePlace, realPlace } from '../../../../src/platform/places/same-place.ts'
import { makeScratch } from '../../../support/scratch.ts'

describe('A place', () => {
  it('is the same over a link, also where nothing is there yet', () => {
    const { dir, remove } = makeScratch()
    mkdirSync(join(dir, 'usr/home'), { recursive: true })
    symlinkSync('usr/home', join(dir, 'home'))
    const [link, real] = [join(dir, 'home'), join(dir, 'usr/home')]
    expect([isSamePlace(link, real), isSamePlace(`${link}/a/b`, `${real}/a/b`), isSamePlace(link, dir)]).to.deep.equal([
      true,
      true,
      false,
    ])
    expect(realPlace(`${link}/a`)).to.equal(`${realpathSync(dir)}/usr/home/a`)
    remove()
  })

  it('is the same whatever its name, and with its accents composed otherwise where nothing is there yet', () => {
    const { dir, remove } = makeScratch()
    writeFileSync(join(dir, 'Ren\u00e9'), '')
    // As one file of a Mac's disk has both names.
    linkSync(join(dir, 'Ren\u00e9'), join(dir, 'Rene\u0301'))
    expect(isSamePlace(join(dir, 'Ren\u00e9'), join(dir, 'Rene\u0301'))).to.equal(true)
    expect(isSamePlace(join(dir, 'No\u00e9/run'), join(dir, 'Noe\u0301/run'))).to.equal(true)
    expect(isSamePlace(join(dir, 'No\u00e9/run'), join(dir, 'Noe/run'))).to.equal(false)
    remove()
  })
})
