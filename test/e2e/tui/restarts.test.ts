/** The terminal UI across the end of everything around it: the daemon, the UI itself, threads and servers that are not there. */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { TestTerminal } from '../../support/peers/terminal.ts'
import { countOf, makeTuiSite, type TuiSite, threadIdOn } from '../../support/sites/tui-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describe('the terminal UI, when things end', function () {
  this.timeout(60_000)
  let site: TuiSite
  let ui: TestTerminal
  let threadId: string

  before(async () => {
    site = await makeTuiSite()
    ui = site.open({ args: ['--as', 'anna'] })
    await ui.shows(/LOCAL .* idle/)
  })

  after(() => site.close())

  const share = (action: string) => {
    ui.type('/share')
    ui.press('Enter')
    ui.type(action)
  }

  /** The screen alone does not tell: for a moment it is still that of before. */
  async function backWithAnother(first: number): Promise<void> {
    await eventually('another daemon runs', async () => (await site.daemonPid()) !== first)
    const peer = await site.connect()
    await eventually('the UI is with it', async () => {
      const { peers } = await peer.call('share/who', { threadId })
      return Array.isArray(peers) && peers.length === 1
    })
    peer.close()
  }

  it('says not found for an unknown thread on join, and changes nothing', async () => {
    ui.type('still here')
    ui.press('Enter')
    await ui.shows('You said: still here')
    await ui.shows(/LOCAL .* idle/)
    share('2')
    await ui.shows('nothing is shared yet')
    ui.type('019a0000-0000-7000-8000-000000000000')
    ui.press('Enter')
    await ui.shows('not joined, and nothing was changed')
    ui.type('and again')
    ui.press('Enter')
    await ui.shows('You said: and again')
    await ui.shows(/LOCAL .* idle/)
  })

  it('does not share while a private turn runs', async () => {
    ui.type('hold private')
    ui.press('Enter')
    await ui.shows(/LOCAL .* running/)
    share('1')
    await ui.shows('a turn is running: wait for its end')
    site.model.release('private')
    await ui.shows('After the hold.')
    await ui.shows(/LOCAL .* idle/)
  })

  it('keeps the draft and comes back by itself when the daemon is killed', async () => {
    share('1')
    threadId = threadIdOn(await ui.shows(/shared as \S{36}/))
    await ui.shows(/SHARED .* idle/)
    ui.type('a draft that must stay')
    await ui.shows('› a draft that must stay')
    const first = await site.daemonPid()
    process.kill(first, 'SIGKILL')
    await backWithAnother(first)
    await ui.shows(new RegExp(`› a draft that must stay[\\s\\S]*SHARED · …${threadId.slice(-8)} · idle · 1 peer`))
    ui.press('Enter')
    await ui.shows('You said: a draft that must stay')
    expect(countOf(ui.all(), 'You said: a draft that must stay')).to.equal(1)
  })

  it('shows what an answer brought while the daemon was away, once', async () => {
    await ui.shows(/SHARED .* idle/)
    ui.type('hold across')
    ui.press('Enter')
    await ui.shows(/hold across[\s\S]*Before the hold\./)
    const first = await site.daemonPid()
    process.kill(first, 'SIGKILL')
    await backWithAnother(first)
    site.model.release('across')
    await ui.shows(/After the hold\.[\s\S]*SHARED .* idle/)
    const all = ui.all()
    const said = all.slice(all.lastIndexOf('hold across'))
    expect([countOf(said, 'Before the hold.'), countOf(said, 'After the hold.')], all).to.deep.equal([1, 1])
  })

  it('says that the daemon was stopped, lets one go on typing, and is there again when it is started', async () => {
    expect(await site.run('daemon', 'stop')).to.include({ code: 0 })
    await ui.shows('reconnecting')
    ui.type('typed meanwhile')
    ui.press('Enter')
    await ui.shows('not connected: your prompt stays here')
    expect(await site.run('daemon', 'start')).to.include({ code: 0 })
    await ui.shows(/SHARED .* idle · 1 peer/)
    ui.press('Enter')
    await ui.shows('You said: typed meanwhile')
    expect(countOf(ui.all(), 'You said: typed meanwhile')).to.equal(1)
  })

  it('comes back into the shared session, with the draft, after the UI was killed', async () => {
    await ui.shows(/SHARED .* idle/)
    ui.type('half a thought')
    await ui.shows('› half a thought')
    // The state is written soon after it changes; what is read back below is what counts.
    await eventually('the draft is saved', async () => (await site.savedUi()).includes('half a thought'))
    process.kill(ui.pid(), 'SIGKILL')
    await site.run('post', '--thread', threadId, '--prompt', 'while you were away', '--as', 'ci')
    ui = site.open({ args: ['--as', 'anna'] })
    await ui.shows('You said: while you were away')
    expect(ui.all()).to.contain('where you left it')
    await ui.shows(`SHARED · …${threadId.slice(-8)}`)
    await ui.shows('› half a thought')
    expect(countOf(ui.all(), 'You said: while you were away')).to.equal(1)
    expect(countOf(ui.all(), 'You said: typed meanwhile')).to.equal(1)
  })

  it('says that somebody ended the sharing, keeps the draft, and opens it again behind what was seen', async () => {
    await ui.shows(/SHARED .* idle/)
    expect(await site.run('stop', '--thread', threadId)).to.include({ code: 0 })
    await ui.shows('sharing of this thread was ended')
    ui.press('Enter')
    await ui.shows('this thread is not shared here any more: your prompt stays here')
    await ui.shows('› half a thought')
    await site.run('post', '--thread', threadId, '--prompt', 'behind your back', '--as', 'ci')
    ui.press('C-c')
    await ui.shows('↑ brings back what was written')
    share('1')
    await ui.shows('You said: behind your back')
    await ui.shows(/SHARED .* idle · 1 peer/)
    ui.press('Up')
    await ui.shows('› half a thought')
    ui.press('Enter')
    await ui.shows('You said: half a thought')
    for (const text of ['while you were away', 'behind your back', 'half a thought'])
      expect(countOf(ui.all(), `You said: ${text}`), text).to.equal(1)
  })

  it('comes back to the same place after the whole machine was restarted in the middle of an answer', async () => {
    await ui.shows(/SHARED .* idle/)
    ui.type('hold reboot')
    ui.press('Enter')
    await ui.shows(/hold reboot[\s\S]*Before the hold\./)
    ui.type('thought before the reboot')
    await eventually('the draft is saved', async () => (await site.savedUi()).includes('thought before the reboot'))
    for (const pid of [ui.pid(), await site.daemonPid(), await site.appServerPid()]) process.kill(pid, 'SIGKILL')
    // The runtime folder is in memory, and so is empty then.
    for (const name of readdirSync(site.runtimeDir)) rmSync(join(site.runtimeDir, name), { recursive: true })
    site.model.release('reboot')
    ui = site.open({ args: ['--as', 'anna'] })
    await ui.shows(`SHARED · …${threadId.slice(-8)} · idle`)
    await ui.shows(/─── [■✖] [\s\S]*› thought before the reboot/)
    expect(countOf(ui.all(), 'hold reboot')).to.equal(1)
    ui.press('Enter')
    await ui.shows('You said: thought before the reboot')
    await ui.shows(/SHARED .* idle/)
  })

  it('is private when the sharing was stopped while it was away, which it does not undo', async () => {
    process.kill(ui.pid(), 'SIGKILL')
    await eventually('it is gone', async () => (await site.run('stop', '--thread', threadId)).code === 0)
    ui = site.open({ args: ['--as', 'anna'] })
    await ui.shows('its sharing was stopped')
    await ui.shows(/LOCAL · …\w{8} · idle/)
    expect((await site.run('list', '--json')).stdout).to.equal('[]\n')
  })

  it('starts privately when told to, whatever was before', async () => {
    ui.press('C-c')
    ui.press('C-c')
    expect(await ui.exitCode()).to.equal(0)
    ui = site.open({ args: ['--new'] })
    await ui.shows(/LOCAL · …\w{8} · idle/)
    expect(ui.all()).not.to.contain('where you left it')
  })

  it('goes straight into a thread that is named on the command line', async () => {
    const other = site.open({ args: ['--thread', threadId.slice(0, 18)] })
    await other.shows(`SHARED · …${threadId.slice(-8)}`)
    const lost = site.open({ args: ['--thread', 'no-such-thread'] })
    await lost.shows('not joined')
    await lost.shows(/LOCAL .* idle/)
  })

  it('stays private, with a line on what to do, when the daemon cannot be reached', async () => {
    const far = site.open({ args: ['--new', '--server', `unix://${site.dir}/nowhere.sock`] })
    await far.shows(/LOCAL .* idle/)
    await far.shows(/nowhere\.sock\s+does\s+not\s+answer\s+now:\s+this\s+session\s+is\s+private/)
    far.type('hello')
    far.press('Enter')
    await far.shows('You said: hello')
    await far.shows(/LOCAL .* idle/)
    far.type('/share')
    far.press('Enter')
    far.type('1')
    await far.shows(/not shared[\s\S]*nowhere\.sock/)
    await far.shows('Check --server')
    far.type('still private')
    far.press('Enter')
    await far.shows('You said: still private')
  })

  it('brings the private session back when the hand-over fails halfway', async () => {
    const broken = site.open({ args: ['--new', '--server', `unix://${await site.halfDaemon()}`] })
    await broken.shows(/LOCAL .* idle/)
    broken.type('before')
    broken.press('Enter')
    await broken.shows('You said: before')
    await broken.shows(/LOCAL .* idle/)
    broken.type('/share')
    broken.press('Enter')
    broken.type('1')
    await broken.shows('not shared: the app-server is on strike')
    await broken.shows(/LOCAL .* idle/)
    broken.type('after')
    broken.press('Enter')
    await broken.shows('You said: after')
    expect(countOf(broken.all(), 'You said: before')).to.equal(1)
  })
})
