/** The user's flow, step by step, in real terminals: alone, shared, joined, posted into by a script, and back to private. */
import { expect } from 'chai'
import type { TestTerminal } from '../../support/peers/terminal.ts'
import { countOf, makeTuiSite, type TuiSite, threadIdOn } from '../../support/sites/tui-site.ts'

describe('the terminal UI, from private to shared and back', function () {
  this.timeout(60_000)
  let site: TuiSite
  let anna: TestTerminal
  let ben: TestTerminal
  let threadId: string

  before(async () => {
    site = await makeTuiSite()
    anna = site.open({ args: ['--as', 'anna'] })
  })

  after(() => site.close())

  it('starts with a private session that answers', async () => {
    await anna.shows(/LOCAL · …\w{8} · idle/)
    anna.type('good morning')
    anna.press('Enter')
    await anna.shows('You said: good morning')
    await anna.shows(/completed in/)
    expect(await anna.shows(/LOCAL · …\w{8} · idle/)).to.match(/› anna \(you\) +\d\d:\d\d:\d\d\n +good morning\n/)
  })

  it('shows the status of the session over the four actions of /share', async () => {
    anna.type('/share')
    anna.press('Enter')
    const screen = await anna.shows('4. Help / About sharing')
    threadId = threadIdOn(screen)
    const [menu = ''] = /^Mode[\s\S]*About sharing/m.exec(screen) ?? []
    expect(menu.split('\n').map((line) => line.trimEnd())).to.deep.equal([
      'Mode    LOCAL',
      `Thread  ${threadId}`,
      'Server  private codex app-server (stdio)',
      'Turn    idle',
      '› 1. Start sharing this session',
      '  2. Join shared session',
      '  3. Stop sharing',
      '  4. Help / About sharing',
    ])
  })

  it('starts the daemon and hands the private thread over to it, with all that was said', async () => {
    anna.press('Enter')
    const screen = await anna.shows(new RegExp(`SHARED · …${threadId.slice(-8)} · idle · 1 peer`))
    expect(screen).to.contain(`shared as ${threadId}`)
    expect(screen).to.contain('You said: good morning')
    const { stdout } = await site.run('get', '--thread', threadId)
    // With who said it, also before the sharing.
    expect(stdout).to.match(/^anna +[\d:]+\ngood morning$/m)
  })

  it('shows what a script posts, with who posted it, once', async () => {
    const posted = await site.run('share', 'post', '--thread', threadId, '--prompt', 'from the script', '--as', 'ci')
    expect(posted).to.include({ code: 0 })
    expect(posted.stdout).to.contain('You said: from the script')
    await anna.shows(/› ci +\d\d:\d\d:\d\d\n +from the script/)
    await anna.shows(/SHARED .* idle/)
    expect(countOf(anna.all(), 'You said: from the script')).to.equal(1)
  })

  it('announces a script that follows the thread, and not one that only posts, however long', async () => {
    const long = site.run('share', 'post', '--thread', threadId, '--prompt', 'hold ci', '--as', 'ci')
    await anna.shows(/running .*\(ci\) · 2 peers/)
    const follower = site.open({ args: ['tail', '--thread', threadId, '--as', 'dora'] })
    // Dora came later than ci, so that ci would have been announced by then.
    await anna.shows('– dora joined')
    site.model.release('ci')
    expect(await long).to.include({ code: 0 })
    await anna.shows(/idle · 2 peers/)
    follower.press('C-c')
    await anna.shows('– dora left')
    await anna.shows(/idle · 1 peer/)
    expect(anna.all()).not.to.match(/– ci (joined|left)/)
  })

  it('lets a second person join by picking the session, who then sees the conversation so far', async () => {
    ben = site.open({ args: ['--as', 'ben'] })
    await ben.shows(/LOCAL · …\w{8} · idle/)
    ben.type('/share')
    ben.press('Enter')
    ben.type('2')
    await ben.shows(/shared · .* · 1 peer · idle/)
    ben.press('Enter')
    await ben.shows(new RegExp(`SHARED · …${threadId.slice(-8)} · idle · 2 peers`))
    await ben.shows('You said: from the script')
    await anna.shows('– ben joined')
    await anna.shows(/idle · 2 peers/)
  })

  it('shows a prompt of one person to both, at the same time as its answer', async () => {
    ben.type('hello anna')
    ben.press('Enter')
    await Promise.all([ben.shows('You said: hello anna'), anna.shows('You said: hello anna')])
    await anna.shows(/› ben +\d\d:\d\d:\d\d\n +hello anna/)
    await ben.shows(/› ben \(you\)/)
  })

  it('lists who is there', async () => {
    await anna.shows(/SHARED .* idle/)
    anna.type('/who')
    anna.press('Enter')
    await anna.shows(/Who is here[\s\S]*ben · ui · pid \d+/)
  })

  it('offers to wait, to steer or to drop when a turn runs, and keeps the draft', async () => {
    anna.type('hold one')
    anna.press('Enter')
    await ben.shows(/SHARED .* running .*\(anna\)/)
    ben.type('me too')
    ben.press('Enter')
    await ben.shows(/a turn by anna is running[\s\S]*3\. Do not send; keep the draft/)
    ben.type('3')
    await ben.shows('› me too')
    await ben.hides('Busy')
  })

  it('waits for the running turn when asked to, and then sends once', async () => {
    ben.press('Enter')
    await ben.shows('Busy')
    ben.type('1')
    await ben.shows('waiting for the running turn')
    site.model.release('one')
    // Between the two turns it is idle as well.
    await Promise.all([anna.shows('You said: me too'), ben.shows('You said: me too')])
    await ben.shows(/SHARED .* idle/)
    expect(countOf(anna.all(), 'You said: me too')).to.equal(1)
  })

  it('goes on privately in a copy when sharing is stopped, and the others notice only that', async () => {
    ben.type('/share')
    ben.press('Enter')
    ben.type('3')
    await ben.shows(/LOCAL · …\w{8} · idle/)
    await anna.shows('– ben left')
    ben.type('between us')
    ben.press('Enter')
    await ben.shows('You said: between us')
    const { stdout } = await site.run('list', '--json')
    expect(JSON.parse(stdout)).to.have.lengthOf(1)
    expect(anna.all()).not.to.contain('between us')
  })

  it('explains sharing with the line for this very thread', async () => {
    anna.type('/share')
    anna.press('Enter')
    anna.type('4')
    await anna.shows(`codex share post --thread ${threadId} --prompt "..."`)
  })

  it('leaves on the second Ctrl+C', async () => {
    ben.press('C-c')
    await ben.shows('Ctrl+C again leaves')
    ben.press('C-c')
    expect(await ben.exitCode()).to.equal(0)
  })

  it('leaves the conversation on the screen, and one line on how to come back', async () => {
    // tmux adds a line of its own some time after the end.
    await ben.shows(
      /You said: between us\n\n.* completed in .*\n\n– .*`codex-share --local` goes on with it\n+(Pane.*\n*)?$/,
    )
    anna.type('/share')
    anna.press('Enter')
    await anna.shows('4. Help / About sharing')
    anna.press('C-c', 'C-c')
    expect(await anna.exitCode()).to.equal(0)
    await anna.shows(/\n\n– the session stays shared: `codex-share` comes back to it\n+(Pane.*\n*)?$/)
    expect(anna.screen()).not.to.match(/SHARED · |\d\. Help|again leaves/)
  })
})
