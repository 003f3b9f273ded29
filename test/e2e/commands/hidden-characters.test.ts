/** A command that a terminal would show as another one, and names that would forge lines: on the real parts, in every output. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { ModelStep, ModelTurn } from '../../../src/demo/model-script.ts'
import { connectStockPeer } from '../../support/peers/stock-peer.ts'
import { openTerminal, type TestTerminal } from '../../support/peers/terminal.ts'
import { type CommandSite, jsonLines, makeCommandSite } from '../../support/sites/command-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

/** On a terminal it would look like `ls -la`. */
const asked = 'touch proof #\rls -la\u001b[2K\u202e\u009b'
const shown = 'touch proof #␍ls -la␛[2K\\u{202e}\\u{9b}'

function script({ prompt, toolOutput }: ModelTurn): readonly ModelStep[] {
  if (toolOutput !== undefined) return [{ say: 'It ran.' }]
  return prompt === 'list the files' ? [{ run: asked, outsideSandbox: true }] : [{ say: `You said: ${prompt}` }]
}

/** Nothing but line ends that a terminal obeys, and nothing that it hides or reorders. */
const obeyed = /(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u

describe('What a terminal would hide', function () {
  this.timeout(60_000)
  let site: CommandSite
  let threadId: string
  let terminal: TestTerminal | undefined

  before(async () => {
    site = await makeCommandSite({ approvalPolicy: 'on-request', script })
    threadId = await site.share('release')
  })

  after(async () => {
    terminal?.close()
    await site.close()
  })

  it('is a mark wherever a command is shown: to those who decide, and to those who read it afterwards', async () => {
    const posted = site.start(['post', '--thread', 'release', '--prompt', 'list the files', '--as', 'ci'])
    await eventually('post says what is asked', () => /approve --thread \S+ \w+/.test(posted.stderr()))
    const listed = await site.run('approvals')
    const json = await site.run('approvals', '--json')
    expect(await site.run('approve', '--as', 'ada')).to.deep.include({ code: 0 })
    const done = await posted.ended
    const outputs = {
      approvals: listed.stdout,
      'post, which tells': done.stderr,
      'post, which shows': done.stdout,
      tail: (await site.run('tail', '--thread', 'release', '--from', '1', '--until-idle')).stdout,
      get: (await site.run('get', '--thread', 'release')).stdout,
      markdown: (await site.run('get', '--thread', 'release', '--format', 'markdown')).stdout,
    }
    for (const [what, output] of Object.entries(outputs)) {
      expect(output, what).to.include(shown)
      expect(obeyed.test(output), what).to.equal(false)
    }
    expect(existsSync(join(site.dir, 'proof'))).to.equal(true)
    const [approval] = JSON.parse(json.stdout)
    expect(approval.params.command).to.include(asked)
    const events = await Promise.all([
      site.run('tail', '--thread', 'release', '--from', '1', '--until-idle', '--json'),
      site.run('get', '--thread', 'release', '--json'),
    ])
    for (const { stdout } of [json, ...events]) expect(obeyed.test(stdout)).to.equal(false)
    const commands = jsonLines(events[0].stdout).filter((event) => JSON.stringify(event).includes('commandExecution'))
    expect(JSON.stringify(commands)).to.include(JSON.stringify(asked).slice(1, -1))
  })

  it('is a mark in the question and the transcript of the UI', async () => {
    terminal = openTerminal({ home: site, args: ['--as', 'anna', '--thread', 'release'] })
    await terminal.shows(/SHARED .* idle/)
    terminal.type('list the files')
    terminal.press('Enter')
    await terminal.shows(/wants to run a command[\s\S]*\$ touch proof #␍ls -la␛\[2K\\u\{202e\}\\u\{9b\}/)
    await terminal.shows('› y  Yes, this time')
    terminal.press('Enter')
    await terminal.shows(`▸ $ ${shown}: approved by you`)
    await terminal.shows(/SHARED .* idle/)
    await terminal.shows('It ran.')
    expect(terminal.screen().split('\n')).to.include(`$ ${shown}`)
  })

  it('is refused in a name, with exit code 2 and before anything is sent', async () => {
    const before = await site.json('get', '--thread', threadId, '--limit', '1')
    const labels = [
      'ada\n› ben',
      '\u001b[31mada',
      '\u001b]8;;http://x\u0007ada',
      'ada\u202e',
      'a\u200bda',
      'ada\u{e0041}',
    ]
    for (const label of labels)
      for (const args of [['list'], ['post', '--thread', threadId, '--prompt', 'hello'], ['who'], ['approve']]) {
        const { code, stdout, stderr } = await site.run(...args, '--as', label)
        expect([code, stdout]).to.deep.equal([2, ''])
        expect(stderr).to.match(/^Error: --as takes one line of 1 to 80 visible characters: it .*\n/)
      }
    const named = await site.run('start', '--thread', threadId, '--name', 'release\u202e')
    expect([named.code, named.stderr.split('\n')[0]]).to.deep.equal([
      2,
      'Error: a name is one line of 1 to 100 visible characters: it has the character U+202E',
    ])
    expect(await site.json('get', '--thread', threadId, '--limit', '1')).to.deep.equal(before)
  })

  it('is refused in the label of a peer on daemon.sock, and in the name of a thread', async () => {
    for (const label of ['ada\nben', 'ada\u009b', '\u2067ada', '   ', 'x'.repeat(81)])
      expect(await site.connect({ label }).catch((error: unknown) => error)).to.include({ errorName: 'usage' })
    const peer = await site.connect({ label: 'ada' })
    const open = peer.call('share/open', { threadId, name: 'two\nlines' })
    expect(await open.catch((error: unknown) => error)).to.include({ errorName: 'usage' })
  })

  it('is made a mark in what a stock Codex calls itself', async () => {
    const stock = await connectStockPeer(join(site.runtimeDir, 'codex.sock'), '/rpc', {}, 'codex\n› ada\u202e')
    const peer = await site.connect({ label: 'looking' })
    const { peers } = await peer.call('share/who', {})
    stock.close()
    expect(JSON.stringify(peers)).to.match(/"label":"codex␊› ada\\\\u\{202e\} p\d+"/)
  })
})
