/** Files of a moment: those of processes that run stay, what the dead have left goes. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { findTemporaries, nameTemporary, removeLeftBeside, removeTemporary } from '../../../src/platform/temporaries.ts'
import { makeScratch, type Scratch } from '../../support/scratch.ts'

/** Above any that Linux and macOS give out. */
const deadPid = 4_194_999

describe('A temporary file', () => {
  let scratch: Scratch
  let file: string
  beforeEach(() => {
    scratch = makeScratch()
    file = join(scratch.dir, 'kept/owner.json')
    mkdirSync(join(scratch.dir, 'kept'))
  })
  afterEach(() => scratch.remove())

  const names = () => readdirSync(join(scratch.dir, 'kept')).sort()
  const put = (...ends: readonly string[]) => {
    for (const end of ends) writeFileSync(`${file}${end}`, '')
  }

  it('is another each time, and known until it is given up', async () => {
    const [first, second] = [nameTemporary(file), nameTemporary(file)]
    for (const path of [first, second]) writeFileSync(path, '')
    expect(await findTemporaries(file)).to.have.members([first, second])
    removeTemporary(first)
    expect(await findTemporaries(file)).to.deep.equal([second])
    removeTemporary(second)
    expect(names()).to.deep.equal([])
  })

  it('goes when its process has ended, also where ours was given its pid', async () => {
    put(`.${deadPid}.1.tmp`, `.${deadPid}.tmp`, `.${process.pid}.999999.tmp`, `.${process.ppid}.1.tmp`)
    expect(await findTemporaries(file)).to.deep.equal([`${file}.${process.ppid}.1.tmp`])
    expect(names()).to.deep.equal([`owner.json.${process.ppid}.1.tmp`])
  })

  it('of another kind, or of another file, is left alone', async () => {
    put('', `.linked.${deadPid}.1.tmp`, `.${deadPid}.1.lock`, '.5.corrupt')
    const before = names()
    expect(await findTemporaries(file)).to.deep.equal([])
    expect(names()).to.deep.equal(before)
  })

  it('goes beside each path, and nothing else does', async () => {
    put('', `.${deadPid}.1.tmp`, `.${deadPid}.2.tmp`)
    await removeLeftBeside(file, join(scratch.dir, 'no/such/file'))
    expect(names()).to.deep.equal(['owner.json'])
  })
})
