/** What cannot be done in `/share`: the reason and the next step are told, and everything the person had is still there. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import type { TestTerminal } from '../../support/peers/terminal.ts'
import { type BreakableCodex, makeBreakableCodex } from '../../support/sites/breakable-codex.ts'
import { countOf, makeTuiSite, type TuiSite, threadIdOn } from '../../support/sites/tui-site.ts'

/** These words, wherever the lines break; several in this order. */
function words(...texts: string[]): RegExp {
  const patterns = texts.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s+'))
  return new RegExp(patterns.join('[\\s\\S]*'))
}

describe('the terminal UI, when sharing fails', function () {
  this.timeout(90_000)
  let site: TuiSite
  let codex: BreakableCodex
  let ui: TestTerminal
  let threadId: string

  before(async () => {
    site = await makeTuiSite()
    codex = makeBreakableCodex(site.dir)
    ui = await privateUi('anna')
    await say(ui, 'precious')
  })

  after(() => site.close())

  async function privateUi(name: string, ...args: string[]): Promise<TestTerminal> {
    const opened = site.open({ args: ['--as', name, '--new', ...args], env: codex.env })
    await opened.shows(/LOCAL .* idle/)
    return opened
  }

  async function say(who: TestTerminal, text: string): Promise<void> {
    who.type(text)
    who.press('Enter')
    await who.shows(`You said: ${text}`)
    await who.shows(/ idle/)
  }

  function share(who: TestTerminal, action: string): void {
    who.type('/share')
    who.press('Enter')
    who.type(action)
  }

  /** Pids of the processes that the UI has started. */
  const childrenOf = (who: TestTerminal) =>
    execFileSync('pgrep', ['-P', String(who.pid()), '-f', 'app-server'], { encoding: 'utf8' })
      .trim()
      .split('\n')

  /** Private as before, in the same thread, with the draft that was written meanwhile. */
  async function isAsBefore(who: TestTerminal, draft: string): Promise<void> {
    await who.shows(new RegExp(`› ${draft}[\\s\\S]*LOCAL · …\\w{8} · idle`))
    who.press('C-u')
    await say(who, `after ${draft}`)
  }

  const inTheWay = () => join(site.dir, 'data/codex-share')

  it('does not start sharing when the daemon cannot start', async () => {
    mkdirSync(dirname(inTheWay()), { recursive: true })
    writeFileSync(inTheWay(), 'a file where the folder should be')
    share(ui, '1')
    ui.type('draft 1')
    const fix = 'Make it writable, or set XDG_DATA_HOME'
    await ui.shows(words('not shared: the daemon cannot start: the data folder', 'is not a folder', fix))
    await isAsBefore(ui, 'draft 1')
  })

  it('does not join either, and says so where the sessions would be listed', async () => {
    share(ui, '2')
    const screen = await ui.shows(words('✖ the daemon cannot start: the data folder', 'set XDG_DATA_HOME'))
    expect(screen).not.to.contain('nothing is shared yet')
    ui.type('019a0000-0000-7000-8000-000000000000')
    ui.press('Enter')
    ui.type('draft 2')
    await ui.shows(words('not joined, and nothing was changed: the daemon cannot start'))
    await isAsBefore(ui, 'draft 2')
    rmSync(inTheWay())
  })

  it('does not start sharing when the daemon gets no Codex, and leaves the private session alone', async () => {
    codex.refuseToListen()
    const privately = childrenOf(ui)
    share(ui, '1')
    ui.type('draft 3')
    const refused = 'not shared: the Codex app-server is not available'
    await ui.shows(words(refused, 'listening is broken', 'codex-share daemon status'))
    await isAsBefore(ui, 'draft 3')
    expect(childrenOf(ui), 'its own app-server went on all the time').to.deep.equal(privately)
  })

  it('does not join without a Codex for the daemon', async () => {
    share(ui, '2')
    await ui.shows('nothing is shared yet')
    ui.type('019a0000-0000-7000-8000-000000000000')
    ui.press('Enter')
    ui.type('draft 4')
    await ui.shows(words('not joined, and nothing was changed: the Codex app-server is not available'))
    await isAsBefore(ui, 'draft 4')
    codex.mend()
  })

  it('does not start sharing when Codex is gone, and goes on with the one that still runs', async () => {
    codex.remove()
    // The daemon would go on with the app-server that it has.
    expect(await site.run('daemon', 'stop', '--all')).to.include({ code: 0 })
    share(ui, '1')
    ui.type('draft 5')
    await ui.shows(words('not shared:', 'there is no such file', 'Install Codex'))
    await isAsBefore(ui, 'draft 5')
    codex.mend()
  })

  it('opens the private thread again with the next prompt when that could not be done at once', async () => {
    const half = await privateUi('ben', '--server', `unix://${await site.halfDaemon()}`)
    await say(half, 'mine alone')
    share(half, '4')
    await half.shows('About sharing')
    half.type('/share')
    half.press('Enter')
    const mine = threadIdOn(await half.shows(/Mode +LOCAL\nThread +\S{36}/))
    codex.remove()
    half.press('Enter')
    await half.shows(words('not shared: the app-server is on strike'))
    await half.shows(words('could not be opened again, and your next prompt tries once more'))
    await half.shows(`LOCAL · …${mine.slice(-8)} · not connected`)
    half.type('are you there?')
    half.press('Enter')
    await half.shows(words('not sent:'))
    await half.shows('› are you there?')
    codex.mend()
    half.press('Enter')
    await half.shows('You said: are you there?')
    await half.shows(`LOCAL · …${mine.slice(-8)} · idle`)
    expect(countOf(half.all(), 'You said: mine alone')).to.equal(1)
  })

  it('does not join a thread that is open in another Codex process, and names that process', async () => {
    const other = await privateUi('carl')
    await say(other, 'this one is mine')
    other.type('/share')
    other.press('Enter')
    const theirs = threadIdOn(await other.shows(/Mode +LOCAL\nThread +\S{36}/))
    other.press('Escape')
    share(ui, '2')
    await ui.shows(/nothing is shared yet|shared ·/)
    ui.type(theirs)
    ui.press('Enter')
    ui.type('draft 6')
    await ui.shows(
      /not joined, and nothing was changed: [\s\S]*is\s+open\s+in\s+process\s+\d+\s[\s\S]*cannot\s+be\s+reached\s+from\s+here/,
    )
    await isAsBefore(ui, 'draft 6')
    await say(other, 'still mine')
  })

  it('does not join while a private turn runs', async () => {
    ui.type('hold joining')
    ui.press('Enter')
    await ui.shows(/LOCAL .* running/)
    share(ui, '2')
    await ui.shows(/nothing is shared yet|shared ·/)
    ui.type('019a0000-0000-7000-8000-000000000000')
    ui.press('Enter')
    await ui.shows(words('a turn is running: wait for its end, or interrupt it with Esc, then join'))
    site.model.release('joining')
    await ui.shows('After the hold.')
    await ui.shows(/LOCAL .* idle/)
  })

  it('says that there is nothing to stop in a private session', async () => {
    share(ui, '3')
    await ui.shows('nothing is shared here')
  })

  it('goes on sharing when there is no Codex to go on with privately', async () => {
    share(ui, '1')
    threadId = threadIdOn(await ui.shows(/shared as \S{36}/))
    await ui.shows(/SHARED .* idle/)
    codex.remove()
    share(ui, '3')
    ui.type('draft 7')
    await ui.shows(words('still sharing:', 'there is no such file', 'Install Codex'))
    await ui.shows(/› draft 7[\s\S]*SHARED .* idle/)
    codex.mend()
    ui.press('Enter')
    await ui.shows('You said: draft 7')
    await ui.shows(/SHARED .* idle/)
  })

  it('leaves a turn that runs to the others when sharing is stopped', async () => {
    const ben = site.open({ args: ['--as', 'ben', '--thread', threadId], env: codex.env })
    await ben.shows(/SHARED .* idle · 2 peers/)
    ben.type('hold stopping')
    ben.press('Enter')
    await ui.shows(/SHARED .* running .*\(ben\)/)
    share(ui, '3')
    await ui.shows(/stopped sharing[\s\S]*in a copy of it/)
    await say(ui, 'on my own')
    site.model.release('stopping')
    await ben.shows('After the hold.')
    await ben.shows(/SHARED .* idle · 1 peer/)
    expect(countOf(ben.all(), 'on my own')).to.equal(0)
    expect(countOf(ui.all(), 'After the hold.')).to.equal(1)
  })

  it('stops sharing also when the daemon is away', async () => {
    const ben = site.open({ args: ['--as', 'ben', '--thread', threadId], env: codex.env })
    await ben.shows(/SHARED .* idle/)
    expect(await site.run('daemon', 'stop')).to.include({ code: 0 })
    await ben.shows('reconnecting')
    share(ben, '3')
    await ben.shows(/stopped sharing[\s\S]*in a copy of it/)
    await say(ben, 'without a daemon')
  })

  it('starts without Codex, says what to do, and works once it is there', async () => {
    codex.remove()
    const early = site.open({ args: ['--new'], env: codex.env })
    await early.shows(words('there is no private session:', 'there is no such file', 'Install Codex'))
    await early.shows(/LOCAL .* not connected/)
    early.type('hello')
    early.press('Enter')
    await early.shows(words('not sent:'))
    await early.shows('› hello')
    codex.mend()
    early.press('Enter')
    await early.shows('You said: hello')
    await early.shows(/LOCAL .* idle/)
  })
})
