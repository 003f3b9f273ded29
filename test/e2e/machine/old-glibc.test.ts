/** A system whose glibc is too old for the binary of SQLite: the real linker refuses a copy of it that asks for one that is nowhere. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeScratch, type Scratch } from '../../support/scratch.ts'
import { amongOwnMounts, noOwnMounts } from '../../support/system/own-mounts.ts'

const root = join(import.meta.dirname, '../../..')
const binary = join(root, 'node_modules/better-sqlite3/prebuilds/linux-x64.node')

describe('a system that the binary of SQLite does not load on', function () {
  this.timeout(30_000)
  let scratch: Scratch

  before(function () {
    const reason = process.platform === 'linux' && process.arch === 'x64' ? noOwnMounts() : 'it is not Linux on x64'
    if (reason === null) return
    process.stderr.write(`  An old glibc is not tested here: ${reason}\n`)
    this.skip()
  })
  beforeEach(() => {
    scratch = makeScratch()
  })
  afterEach(() => scratch.remove())

  /** What `codex-share list` says, which starts the daemon. */
  function listWith(addon: Buffer) {
    const other = join(scratch.dir, 'addon.node')
    writeFileSync(other, addon)
    const command = [process.execPath, join(root, 'bin/run.js'), 'list']
    const [file, args] = amongOwnMounts(`mount --bind '${other}' '${binary}'`, command)
    const { status, stderr } = spawnSync(file, args, { env: scratch.env, encoding: 'utf8' })
    return { status, stderr }
  }

  it('is said to need a newer glibc', () => {
    const { status, stderr } = listWith(
      Buffer.from(readFileSync(binary, 'latin1').replaceAll('GLIBC_2.34', 'GLIBC_9.99'), 'latin1'),
    )
    expect(status).to.equal(5)
    expect(stderr).to.match(/SQLite cannot be used on this system: it needs glibc 9\.99 or newer, and this is 2\.\d+\n/)
    expect(stderr).not.to.match(/required by|\n {4}at /)
  })

  it('is said to have a binary that does not load, where it is that', () => {
    const { status, stderr } = listWith(Buffer.from('not a library'))
    expect(status).to.equal(5)
    expect(stderr).to.match(/SQLite cannot be used on this system: its binary does not load \(.*file too short\)\n/)
  })
})
