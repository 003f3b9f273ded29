/** Installing where there is no systemd for the user: refused, with what to do instead. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { assertSystemd } from '../../../../src/supervision/systemd/assert-systemd.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'

describe('Whether the user has a systemd', () => {
  let scratch: Scratch

  beforeEach(() => {
    scratch = makeScratch()
    mkdirSync(join(scratch.dir, 'bin'))
  })

  afterEach(() => scratch.remove())

  /** With a `systemctl` that says this and ends with that; without one when nothing is given. */
  async function verdict(says?: string, env: Record<string, string> = {}): Promise<string> {
    const path = join(scratch.dir, 'bin/systemctl')
    if (says !== undefined) {
      writeFileSync(path, `#!/bin/sh\n${says}\n`)
      chmodSync(path, 0o755)
    }
    try {
      await assertSystemd({ ...scratch.env, PATH: join(scratch.dir, 'bin'), ...env })
      return 'usable'
    } catch (error) {
      if (!(error instanceof ShareError)) throw error
      return `${error.exitCode} ${error.message} → ${error.hint}`
    }
  }

  it('is a yes also when some other unit has failed', async () => {
    expect(await verdict('echo running')).to.equal('usable')
    expect(await verdict('echo degraded; exit 1')).to.equal('usable')
  })

  it('says that nothing has to be installed where there is none', async () => {
    expect(await verdict()).to.match(/^5 there is no systemd here .* → Nothing has to be installed: /)
  })

  it('tells what to do when none runs for this user', async () => {
    const offline = await verdict('echo offline; exit 1')
    expect(offline).to.include(`systemd does not run for the user ${userInfo().username}: it is offline`)
    const unreachable = await verdict('echo "Failed to connect to bus: No medium found" >&2; exit 1')
    expect(unreachable).to.include('Failed to connect to bus: No medium found')
  })

  it('sends those away who came with sudo', async function () {
    if (process.getuid?.() !== 0) this.skip() // Only root is what sudo makes of somebody.
    expect(await verdict('echo offline; exit 1', { SUDO_USER: 'ada' })).to.match(/ → Run it as ada, without sudo\.$/)
  })
})
