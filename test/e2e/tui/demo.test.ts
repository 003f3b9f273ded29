/** `demo --tui`: the whole flow by hand, with a post from a second terminal by the line that it prints. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { makeTuiSite, type TuiSite } from '../../support/sites/tui-site.ts'

const run = promisify(execFile)

describe('demo --tui', function () {
  this.timeout(60_000)
  let site: TuiSite

  before(async () => {
    site = await makeTuiSite()
  })

  after(() => site.close())

  it('can be shared, is posted into with the line that it prints, and leaves nothing behind', async () => {
    const ui = site.open({ args: ['demo', '--tui'], columns: 120 })
    await ui.shows(/LOCAL .* idle/)
    ui.type('/share')
    ui.press('Enter')
    ui.type('1')
    await ui.shows(/SHARED .* idle/)
    const command = ui.all().match(/CODEX_SHARE_RUNTIME_DIR=.*--prompt hello/)?.[0] ?? ''
    const posted = await run('/bin/sh', ['-c', command], { env: site.env })
    expect(posted.stdout).to.contain('You said: “hello”')
    await ui.shows(/› ci +\d\d:/)
    await ui.shows(/SHARED .* idle/)
    ui.type('ask echo allowed')
    ui.press('Enter')
    await ui.shows('› y  Yes, this time')
    ui.type('y')
    await ui.shows('echo allowed: approved by you')
    await ui.shows(/SHARED .* idle/)
    ui.press('C-c', 'C-c')
    expect(await ui.exitCode()).to.equal(0)
    const [, runtimeDir = ''] = /RUNTIME_DIR=(\S+)/.exec(command) ?? []
    expect(existsSync(dirname(runtimeDir))).to.equal(false)
  })
})
