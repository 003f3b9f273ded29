/** Questions of Codex's in the terminal UI: answered alone, and on a shared thread by whoever is first. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { TestTerminal } from '../../support/peers/terminal.ts'
import { makeTuiSite, type TuiSite, threadIdOn } from '../../support/sites/tui-site.ts'

/** Shown once a question has the keys: a moment after it came, so that a word begun just then does not answer it. */
const hasKeys = '↑↓ Enter'

describe('the terminal UI, when Codex asks', function () {
  this.timeout(60_000)
  let site: TuiSite
  let anna: TestTerminal
  let ben: TestTerminal

  before(async () => {
    site = await makeTuiSite({ approvalPolicy: 'on-request' })
    anna = site.open({ args: ['--as', 'anna'] })
    await anna.shows(/LOCAL .* idle/)
  })

  after(() => site.close())

  it('shows the command of a private thread, and runs it once it is allowed', async () => {
    anna.type('ask touch private-proof')
    anna.press('Enter')
    await anna.shows('Codex wants to run a command')
    expect(await anna.shows('› y  Yes, this time')).to.contain('$ touch private-proof')
    anna.press('Enter')
    await anna.shows('touch private-proof: approved by you')
    await anna.shows(/LOCAL .* idle/)
    await anna.hides('wants to run')
  })

  it('asks every peer of a shared thread, and tells the others who answered', async () => {
    anna.type('/share')
    anna.press('Enter')
    anna.type('1')
    const threadId = threadIdOn(await anna.shows(/shared as \S{36}/))
    ben = site.open({ args: ['--as', 'ben', '--thread', threadId] })
    await ben.shows(/SHARED .* idle · 2 peers/)
    anna.type('ask touch shared-proof')
    anna.press('Enter')
    await Promise.all([anna.shows('Codex wants to run a command'), ben.shows('$ touch shared-proof')])
    await ben.shows(hasKeys)
    ben.type('s')
    await anna.shows('touch shared-proof: declined, and the turn ended, by ben')
    await ben.shows('touch shared-proof: declined, and the turn ended, by you')
    await anna.hides('Codex wants to run')
    await ben.shows(/SHARED .* idle/)
    expect(existsSync(join(site.dir, 'shared-proof'))).to.equal(false)
  })

  it('leaves the keys to a draft that is being written, until Tab', async () => {
    await anna.shows(/SHARED .* idle/)
    ben.type('y')
    await ben.shows('› y')
    anna.type('ask touch third')
    anna.press('Enter')
    await ben.shows('Tab to answer')
    ben.type('es, I am writing')
    await ben.shows('› yes, I am writing')
    ben.press('Tab')
    await ben.shows('› y  Yes, this time')
    ben.type('y')
    await anna.shows('touch third: approved by ben')
    expect(await ben.shows(/SHARED .* idle/)).to.contain('› yes, I am writing')
  })

  it('shows what waits to a UI that comes later', async () => {
    anna.type('ask touch fourth')
    anna.press('Enter')
    await anna.shows('$ touch fourth')
    ben.press('C-c')
    ben.press('C-c')
    expect(await ben.exitCode()).to.equal(0)
    ben = site.open({ args: ['--as', 'ben', '--thread', 'last'] })
    await ben.shows(/wants to run a command[\s\S]*touch fourth/)
    await anna.shows(hasKeys)
    anna.type('y')
    await ben.shows('touch fourth: approved by anna')
  })

  it('is not answered by a command that is typed while it asks', async () => {
    await anna.shows(/SHARED .* idle/)
    anna.type('ask touch fifth')
    anna.press('Enter')
    await anna.shows('$ touch fifth')
    await anna.shows(hasKeys)
    for (const key of '/share') anna.type(key)
    await anna.shows('› /share')
    anna.press('Enter')
    await anna.shows(/Turn +running/)
    anna.press('Escape')
    await anna.hides(/Turn +running/)
    anna.press('Tab')
    await anna.shows(hasKeys)
    anna.type('y')
    await ben.shows('touch fifth: approved by anna')
    await anna.shows(/SHARED .* idle/)
  })

  it('lets a read-only UI see and not answer', async () => {
    const carl = site.open({ args: ['--as', 'carl', '--read-only', '--thread', 'last'] })
    await carl.shows(/SHARED .* idle .*read-only/)
    carl.type('may I?')
    carl.press('Enter')
    await carl.shows('this UI is read-only: it watches')
    expect(carl.screen()).not.to.contain('You said: may I?')
  })
})
