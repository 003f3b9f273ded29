/** The terminal UI on a Codex without an account: it says so at once, keeps the draft, and notices the login with the next try. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { TestTerminal } from '../../support/peers/terminal.ts'
import { countOf, makeTuiSite, type TuiSite } from '../../support/sites/tui-site.ts'

describe('the terminal UI, on a Codex that is not logged in', function () {
  this.timeout(60_000)
  let site: TuiSite
  let ui: TestTerminal
  let loggedIn: string

  before(async () => {
    site = await makeTuiSite()
    const config = join(site.codexHome, 'config.toml')
    loggedIn = readFileSync(config, 'utf8')
    writeFileSync(config, 'approval_policy = "never"\n')
    ui = site.open({ args: ['--as', 'anna'] })
  })

  after(() => site.close())

  it('says so before anything is sent, and what to do', async () => {
    await ui.shows(/LOCAL .* idle/)
    await ui.shows('✖ Codex is not logged in: run `codex login`, then send your prompt again.')
  })

  it('does not send a prompt, says why, and keeps it', async () => {
    ui.type('hello')
    ui.press('Enter')
    await ui.shows('✖ not sent: Codex is not logged in')
    await ui.shows(/› hello[\s\S]* idle/)
    expect([countOf(ui.all(), 'Reconnecting'), countOf(ui.all(), '(you)')]).to.deep.equal([0, 0])
  })

  it('says the same of a shared session, as the daemon does', async () => {
    ui.press('C-u')
    ui.type('/share')
    ui.press('Enter')
    ui.type('1')
    await ui.shows(/SHARED .* idle/)
    ui.type('hello')
    ui.press('Enter')
    await ui.shows(/not logged in: run `codex login`, then run\s+`codex-share daemon restart\s+--app-server`/)
    await ui.shows(/› hello[\s\S]*SHARED .* idle/)
  })

  it('sends it once there is a login', async () => {
    const other = site.open({ args: ['--as', 'ben', '--new'] })
    await other.shows('✖ Codex is not logged in')
    writeFileSync(join(site.codexHome, 'config.toml'), loggedIn)
    other.type('hello')
    other.press('Enter')
    await other.shows('You said: hello')
    expect(countOf(other.all(), 'not sent')).to.equal(0)
  })
})
