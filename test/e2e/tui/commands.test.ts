/** The slash commands, the status block and the head of a session, and a session that is shared before anything was said in it. */
import { expect } from 'chai'
import type { TestTerminal } from '../../support/peers/terminal.ts'
import { countOf, makeTuiSite, type TuiSite, threadIdOn } from '../../support/sites/tui-site.ts'

describe('the terminal UI, by its commands', function () {
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

  const command = (text: string) => {
    ui.type(text)
    ui.press('Enter')
  }

  async function newThread(): Promise<void> {
    const [before = ''] = /…\w{8} · idle/.exec(await ui.shows(/…\w{8} · idle/)) ?? []
    command('/new')
    await ui.hides(before)
    await ui.shows(/LOCAL · …\w{8} · idle/)
  }

  /** The block over the menu of /share. */
  async function status(): Promise<Record<string, string>> {
    command('/share')
    const screen = await ui.shows('4. Help / About sharing')
    ui.press('Escape')
    await ui.hides('4. Help / About sharing')
    return Object.fromEntries(
      ['Mode', 'Thread', 'Server', 'Turn'].map((name) => [
        name,
        new RegExp(`^${name} +(.*?) *$`, 'm').exec(screen)?.[1] ?? '',
      ]),
    )
  }

  it('tells what one works with at the head of a session', async () => {
    await ui.shows(/Codex +private · model scripted · approvals never/)
    await ui.shows(`Folder  ${site.dir}`)
  })

  it('completes a command while it is typed', async () => {
    ui.type('/')
    await ui.shows('/share /new /resume /interrupt /who /history /help /quit')
    ui.type('h')
    await ui.shows(/^\/history \/help/m)
    ui.type('e')
    await ui.shows('/help  keys and commands')
    ui.press('Tab')
    await ui.shows('› /help')
    ui.press('Enter')
    const screen = await ui.shows('Ctrl+C puts the draft away')
    for (const name of ['/share', '/new', '/resume', '/interrupt', '/who', '/history', '/quit'])
      expect(screen).to.contain(name)
  })

  it('says that a command does not exist, and keeps it to be corrected', async () => {
    command('/shrae')
    await ui.shows('there is no command /shrae: /help lists them')
    await ui.shows('› /shrae')
    ui.press('C-u')
  })

  it('says who is there, and that nothing runs, in a private session', async () => {
    command('/who')
    await ui.shows('This session is LOCAL: only you are here.')
    command('/interrupt')
    await ui.shows('no turn is running')
  })

  it('shares a session in which nothing was said yet, and a script posts the first words', async () => {
    command('/share')
    ui.type('1')
    threadId = threadIdOn(await ui.shows(/shared as \S{36}/))
    await ui.shows(new RegExp(`SHARED · …${threadId.slice(-8)} · idle · 1 peer`))
    const posted = await site.run('post', '--thread', threadId, '--prompt', 'first words', '--as', 'ci')
    expect(posted).to.include({ code: 0 })
    expect(posted.stdout).to.contain('You said: first words')
    await ui.shows('You said: first words')
    await ui.shows(/› ci +\d\d:\d\d:\d\d\n +first words/)
    await ui.shows(/SHARED .* idle/)
    expect(countOf(ui.all(), 'You said: first words')).to.equal(1)
    command('and mine')
    await ui.shows('You said: and mine')
    await ui.shows(/SHARED .* idle/)
  })

  it('shows the status of a shared session, idle and running', async () => {
    const server = `unix://${site.socket}`
    expect(await status()).to.deep.equal({ Mode: 'SHARED', Thread: threadId, Server: server, Turn: 'idle' })
    command('hold status')
    await ui.shows(/running \d+ s \(anna\)/)
    expect(await status()).to.deep.equal({ Mode: 'SHARED', Thread: threadId, Server: server, Turn: 'running' })
    await ui.shows(/running [1-9]\d* s \(anna\)/)
  })

  it('interrupts a turn by its command', async () => {
    command('/interrupt')
    await ui.shows(/■ interrupted by anna after/)
    await ui.shows(/SHARED .* idle/)
  })

  it('leaves the shared session for a new private one, and comes back by name', async () => {
    await site.run('start', '--thread', threadId, '--name', 'planning')
    await ui.shows('named “planning”')
    await newThread()
    expect((await status()).Thread).not.to.equal(threadId)
    command('/share')
    ui.type('2')
    await ui.shows(/planning\n +shared · .* · 0 peers · idle/)
    ui.type('planning')
    ui.press('Enter')
    await ui.shows(new RegExp(`SHARED · …${threadId.slice(-8)} · idle · 1 peer`))
  })

  it('shows nothing again when one picks the thread that one is in', async () => {
    command('/share')
    ui.type('2')
    await ui.shows(/planning\n +shared/)
    ui.press('Enter')
    await ui.shows('you are in this session')
    await ui.shows(/SHARED .* idle · 1 peer/)
    expect(countOf(ui.all(), 'joined shared session')).to.equal(1)
    command('still here')
    await ui.shows('You said: still here')
    await ui.shows(/SHARED .* idle/)
    await newThread()
    command('words of my own')
    await ui.shows('You said: words of my own')
    await ui.shows(/LOCAL .* idle/)
    command('/resume')
    ui.type('words of my own')
    await ui.shows(/› words of my own *\n +private/)
    ui.press('Enter')
    await ui.shows('you are in this thread')
  })

  it('stops sharing also where nothing was said', async () => {
    await newThread()
    command('/share')
    ui.type('1')
    await ui.shows(/SHARED .* idle/)
    command('/share')
    ui.type('3')
    await ui.shows('stopped sharing')
    await ui.shows(/LOCAL .* idle/)
    command('on my own')
    await ui.shows('You said: on my own')
    await ui.shows(/LOCAL .* idle/)
  })

  it('gives the editor every key, and has them all back', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`)
    const read = 'echo ready; while read -r line && [ "$line" != end ]; do echo "$line"; done > "$1"'
    const other = site.open({ args: ['--new'], rows: 60, env: { EDITOR: `sh -c '${read}' sh` } })
    await other.shows(/LOCAL .* idle/)
    other.press('C-g')
    // The screen is cleared before the keys are handed over.
    await other.shows(/^ready$/m)
    for (const line of [...lines, 'end']) {
      other.type(line)
      other.press('Enter')
    }
    await other.shows(/LOCAL .* idle/)
    other.press('Enter')
    await other.shows(/completed in/)
    const [said = ''] = /^You said: [\s\S]*?\n\n/m.exec(other.all()) ?? []
    expect(
      said
        .replace('You said: ', '')
        .trim()
        .split(/\s*\n\s*/),
    ).to.deep.equal(lines)
  })

  it('leaves by its command', async () => {
    command('/quit')
    expect(await ui.exitCode()).to.equal(0)
  })
})
