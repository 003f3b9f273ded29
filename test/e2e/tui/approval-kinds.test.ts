/** Everything that the real Codex asks, answered in the terminal UI: alone, and on a shared thread by whoever is first. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { TestTerminal } from '../../support/peers/terminal.ts'
import { askingSite } from '../../support/sites/asking-site.ts'
import { makeTuiSite, type TuiSite } from '../../support/sites/tui-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describe('the terminal UI, whatever Codex asks', function () {
  this.timeout(90_000)
  let site: TuiSite
  let anna: TestTerminal
  let ben: TestTerminal

  before(async () => {
    site = await makeTuiSite(askingSite)
    anna = site.open({ args: ['--as', 'anna'], rows: 45 })
    await anna.shows(/LOCAL .* idle/)
  })

  after(() => site.close())

  async function ask(prompt: string): Promise<void> {
    await anna.shows(/(LOCAL|SHARED) .* idle/)
    anna.type(prompt)
    anna.press('Enter')
  }

  async function fillIn(ui: TestTerminal, answers: readonly (readonly [field: string, text: string])[]): Promise<void> {
    for (const [field, text] of answers) {
      await ui.shows(field)
      if (text !== '') ui.type(text)
      ui.press('Enter')
    }
  }

  it('alone: a change of files with its diff, and a form field by field', async () => {
    await ask('patch alone.txt')
    await anna.shows(/Codex wants to change files[\s\S]*\+first line[\s\S]*y {2}Yes, this time/)
    await anna.shows('↑↓ Enter')
    anna.type('y')
    await anna.shows(/alone\.txt: approved by you/)
    await anna.shows(/LOCAL .* idle/)
    expect(readFileSync(join(site.dir, 'alone.txt'), 'utf8')).to.equal('first line\nsecond line\n')

    await ask('form')
    await anna.shows('f  Answer all 4…')
    await anna.shows('↑↓ Enter')
    anna.type('f')
    await fillIn(anna, [
      ['1 of 4  Channel', '3'],
      ['a number from 1 to 2', ''],
    ])
    anna.press('BSpace')
    await fillIn(anna, [
      ['1 of 4  Channel', '2'],
      ['2 of 4  count', ''],
      ['3 of 4  Name', 'spring'],
      ['4 of 4  sure', 'yes'],
    ])
    await anna.shows(/"content":\{"channel":"beta","count":3,"name":"spring","sure":true\}/)
  })

  it('shared: is shown to all, answered by one, and said who that was', async () => {
    await anna.shows(/LOCAL .* idle/)
    anna.type('/share')
    anna.press('Enter')
    anna.type('1')
    await anna.shows(/SHARED .* idle/)
    ben = site.open({ args: ['--as', 'ben', '--thread', 'last'], rows: 45 })
    await ben.shows(/SHARED .* idle · 2 peers/)

    await ask('patch shared.txt')
    const asked = /wants to change files[\s\S]*shared\.txt\n {2}\+first line\n {2}\+second line/
    await Promise.all([anna.shows(asked), ben.shows(asked)])
    await ben.shows('↑↓ Enter')
    ben.type('n')
    await anna.shows(/shared\.txt: declined by ben/)
    await anna.shows(/It said: .*rejected/)
    expect(existsSync(join(site.dir, 'shared.txt'))).to.equal(false)

    const folder = join(site.dir, 'reports')
    mkdirSync(folder)
    await ask(`permit ${folder}`)
    await Promise.all([anna.shows('Codex asks for more permissions'), ben.shows(/write \S*\/reports/)])
    await ben.shows('↑↓ Enter')
    ben.type('y')
    await anna.shows(/It said: [\s\S]*permitted/)
    // The command has the same word, and is on the screen before it has run.
    await eventually('the command has run', () => existsSync(join(folder, 'proof')))
  })

  it('shared: several questions, one after the other, in words of one’s own as well', async () => {
    await ask('questions')
    await Promise.all([anna.shows('Codex has a question'), ben.shows('Where: Where shall it go?')])
    await ben.shows('↑↓ Enter')
    ben.type('f')
    await fillIn(ben, [
      ['1 of 2  Where', '1'],
      ['2 of 2  When', 'at noon'],
    ])
    await anna.shows('answered by ben')
    const screen = (await anna.shows(/SHARED .* idle/)).replace(/\s+/g, '')
    expect(screen).to.include('"where":{"answers":["staging"]}').and.to.include('"when":{"answers":["atnoon"]}')

    await ask('question')
    await Promise.all([ben.shows('1  staging  Nobody sees it.'), anna.shows('2  production  Everybody does.')])
    await anna.shows('↑↓ Enter')
    anna.type('2')
    await ben.shows(/answered by anna/)
    await anna.shows('"where":{"answers":["production"]}')
  })

  it('shared: whether a tool may be called, for the session', async () => {
    await ask('notes')
    await Promise.all([anna.shows('Codex wants to call a tool'), ben.shows('text: the first')])
    await ben.shows('↑↓ Enter')
    ben.type('a')
    await anna.shows(/It said: [\s\S]*the second/)
    expect(anna.screen()).not.to.include('wants to call')
  })

  it('shared: a form that another fills in meanwhile goes away', async () => {
    await ask('form')
    await Promise.all([anna.shows('f  Answer all 4…'), ben.shows('f  Answer all 4…')])
    await anna.shows('↑↓ Enter')
    anna.type('f')
    await anna.shows('1 of 4  Channel')
    anna.type('bet')
    await ben.shows('↑↓ Enter')
    ben.type('n')
    await anna.shows('declined by ben')
    await anna.hides('1 of 4  Channel')
    await anna.shows(/"action":"decline"/)
  })
})
