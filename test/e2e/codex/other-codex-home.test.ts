/** A caller whose CODEX_HOME is another than the one that the daemon's Codex works with: it reads, and acts on nothing. */
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeScriptedHome } from '../../../src/demo/scripted-home.ts'
import { openTerminal } from '../../support/peers/terminal.ts'
import { type CommandSite, makeCommandSite } from '../../support/sites/command-site.ts'
import { errorOf } from '../../support/sites/scripted-daemon.ts'

describe('a caller with another CODEX_HOME', function () {
  this.timeout(60_000)
  let site: CommandSite
  let threadId: string
  let [elsewhere, linked] = ['', '']
  const from = (codexHome: string, ...args: string[]) => site.start(args, { env: { CODEX_HOME: codexHome } }).ended

  before(async () => {
    site = await makeCommandSite()
    elsewhere = join(site.dir, 'elsewhere')
    makeScriptedHome({ dir: elsewhere, baseUrl: site.model.baseUrl })
    linked = join(site.dir, 'linked')
    symlinkSync(site.codexHome, linked)
    threadId = await site.share('release')
    await site.run('post', '--thread', 'release', '--prompt', 'said before')
  })
  after(() => site.close())

  it('reads with a notice that names both', async () => {
    const { code, stdout, stderr } = await from(elsewhere, 'get', '--thread', 'release')
    expect({ code, stderr }).to.deep.equal({
      code: 0,
      stderr: `Read-only: the daemon’s Codex works with CODEX_HOME=${site.codexHome}, and this environment means ${elsewhere}.\n`,
    })
    expect(stdout).to.contain('You said: said before')
  })

  const acts = [
    ['post', '--thread', 'release', '--prompt', 'not from here'],
    ['start'],
    ['stop', '--thread', 'release'],
    ['interrupt', '--thread', 'release'],
    ['approve'],
  ]
  for (const args of acts)
    it(`is refused ${args[0]}, with both named and the way out`, async () => {
      const { code, stderr } = await from(elsewhere, ...args)
      expect(code).to.equal(9)
      expect(stderr).to.contain(`CODEX_HOME=${site.codexHome}, and this environment means ${elsewhere}\n`)
      expect(stderr).to.contain(
        `To act, run it with CODEX_HOME=${site.codexHome}; \`codex-share daemon restart --app-server\``,
      )
    })

  it('is the same caller under another spelling of the same folder', async () => {
    const { code, stderr } = await from(linked, 'post', '--thread', 'release', '--prompt', 'through a link')
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
  })

  it('is refused by the daemon itself, whatever its program would do, and seen to be read-only', async () => {
    const peer = await site.connect({ codexHome: elsewhere, answers: true, label: 'stranger' })
    const input = [{ type: 'text', text: 'not from here', text_elements: [] }]
    const calls = [
      ['turn/start', { threadId, input }],
      ['turn/interrupt', { threadId, turnId: 'x' }],
      ['thread/start', {}],
      ['share/open', {}],
      ['share/close', { threadId }],
      ['share/answer', { threadId, approvalId: '1', result: {} }],
    ] as const
    const errors = await Promise.all(calls.map(([method, params]) => errorOf(peer.call(method, params))))
    expect(errors.map(({ errorName }) => errorName)).to.deep.equal(calls.map(() => 'denied'))
    const { peers } = await peer.call('share/who', {})
    expect(JSON.stringify(peers)).to.match(/"label":"stranger"[^}]*"readOnly":true,"rights":"read"/)
    expect((await peer.call('share/events', { threadId })).events).not.to.have.length(0)
  })

  it('acts as before through an older program, which does not say its home', async () => {
    const peer = await site.connect()
    await peer.follow(threadId)
    expect(await peer.turnEnd((await peer.submit(threadId, 'as before')).turn.id)).to.equal('completed')
  })

  it('watches in the terminal UI, with the reason on the screen', async () => {
    const ui = openTerminal({ home: site, args: ['--thread', 'release'], env: { CODEX_HOME: elsewhere } })
    await ui.shows('You said: said before')
    await ui.shows(/SHARED .*read-only/)
    const words = ui.all().replace(/\s+/g, '')
    expect(words).to.contain(`CODEX_HOME=${site.codexHome},andthisenvironmentmeans${elsewhere}`)
    ui.close()
  })

  it('is refused the stock UI', async () => {
    const command = ['/bin/sh', '-c', `'${process.execPath}' '${program}' attach release; echo "exit code $?"; cat`]
    const terminal = openTerminal({ home: site, command, env: { CODEX_HOME: elsewhere } })
    await terminal.shows('exit code 9')
    terminal.close()
  })
})

const program = join(import.meta.dirname, '../../../bin/run.js')
