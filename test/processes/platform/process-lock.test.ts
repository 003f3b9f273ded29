/** Many processes at one lock: each has it in its turn, and alone. */
import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { makeScratch } from '../../support/scratch.ts'

const program = fileURLToPath(new URL('../../fixtures/take-in-turns.ts', import.meta.url))

describe('A lock that many processes want', function () {
  this.timeout(60_000)
  const scratch = makeScratch()
  after(() => scratch.remove())

  it('is had by one at a time, behind one whose holder was killed, and leaves nothing behind', async () => {
    const folder = join(scratch.dir, 'locks')
    const path = join(folder, 'start')
    mkdirSync(`${path}.lock`, { recursive: true })
    const run = () => promisify(execFile)(process.execPath, [program, path, '40'])
    const runs = await Promise.all(Array.from({ length: 6 }, run))
    expect(runs.map(({ stdout }) => stdout.trim())).to.deep.equal(runs.map(() => '0'))
    expect(readdirSync(folder)).to.deep.equal([])
  })
})
