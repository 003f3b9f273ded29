/** `share forget` as people and scripts use it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { openTerminal } from '../../support/peers/terminal.ts'
import { type CommandSite, makeCommandSite } from '../../support/sites/command-site.ts'

const secret = 'correct "horse" battery'

describe('share forget', function () {
  this.timeout(60_000)
  let site: CommandSite
  let stateFile: string

  before(async () => {
    site = await makeCommandSite()
    stateFile = join(site.dir, 'state/codex-share/ui.json')
    await site.share('secrets')
    await site.run('post', '-t', 'secrets', '-p', `use ${secret}`)
    await site.run('post', '-t', 'secrets', '-p', 'harmless')
    mkdirSync(dirname(stateFile), { recursive: true })
    writeFileSync(stateFile, JSON.stringify({ uis: [], history: [`use ${secret}`, 'harmless'] }))
  })

  after(() => site.close())

  const history = () => (JSON.parse(readFileSync(stateFile, 'utf8')) as { history: string[] }).history
  const get = (...args: string[]) => site.run('get', '-t', 'secrets', '--from', '1', ...args)

  it('does nothing without being sure: a script has to say --yes, and a text has to mean something', async () => {
    const before = (await get('--json')).stdout
    const unasked = await site.run('forget', '-t', 'secrets')
    expect([unasked.code, unasked.stderr.split('\n')[0]]).to.deep.equal([
      2,
      'Error: what is forgotten does not come back: add --yes, as nobody can be asked here',
    ])
    const refused = async (...args: string[]) => (await site.run('forget', '-y', '-t', ...args)).code
    expect(await refused('secrets', '--match', 'use')).to.equal(2)
    expect(await refused('secrets', '--match', 'nobody said this')).to.equal(4)
    expect(await refused('secrets', '--match', 'harmless', '--turn', 'any')).to.equal(2)
    expect(await refused('nothing')).to.equal(4)
    expect((await get('--json')).stdout).to.equal(before)
  })

  it('asks on a terminal with what would go, and not with what is in it', async () => {
    const terminal = openTerminal({ home: site, args: ['forget', '-t', 'secrets', '--match', 'harmless'] })
    const screen = await terminal.shows(/Forget \d+ events of 1 turn in thread secrets, for good\? \[y\/N\]/)
    expect(screen).to.not.include('harmless')
    terminal.press('Enter')
    await terminal.shows('nothing was forgotten')
    expect(await terminal.exitCode()).to.equal(130)
    terminal.close()
    expect((await get()).stdout).to.include('You said: harmless')
  })

  it('takes a secret from standard input, out of the ledger and the history of the UI, and says what has it still', async () => {
    const asked = site.start(['forget', '-t', 'secrets', '--match', '-', '--yes', '--json'], { input: `${secret}\n` })
    const { code, stdout, stderr } = await asked.ended
    expect({ code, stderr }).to.deep.equal({
      code: 0,
      stderr: 'What others have on their screens, in mirrors and in backups is out of reach.\n',
    })
    const { threadId, turnId, turns, events, unreached, otherThreads } = JSON.parse(stdout)
    expect({ turnId, turns, otherThreads }).to.deep.equal({ turnId: null, turns: 1, otherThreads: [] })
    expect(unreached.filter((path: string) => path.includes(threadId))).to.have.lengthOf(1)
    expect(readFileSync(unreached[0], 'utf8')).to.include(JSON.stringify(secret).slice(1, -1))
    for (const format of ['text', 'markdown', 'json']) {
      const read = (await get('--format', format)).stdout
      expect(read).to.not.include('horse')
      expect(read).to.match(format === 'json' ? /"method":"share\/forgotten"/ : /events? (was|were) forgotten by/)
    }
    expect(events).to.be.above(2)
    expect(history()).to.deep.equal(['harmless'])
  })

  it('takes a turn with what was typed for it, a text out of a file, and at last the thread', async () => {
    const { events } = JSON.parse((await get('--json')).stdout) as { events: { method: string; turnId: string }[] }
    const turnId = events.findLast(({ method }) => method === 'turn/completed')?.turnId ?? ''
    const turn = await site.run('forget', '-t', 'secrets', '--turn', turnId, '-y')
    expect(turn.stdout).to.match(/^Forgotten: \d+ events of 1 turn in \S+\nNot changed, and still with it:\n {2}\/\S+/)
    expect(history()).to.deep.equal([])

    await site.run('post', '-t', 'secrets', '-p', 'a last word')
    await site.run('stop', '-t', 'secrets')
    const file = join(site.dir, 'text')
    writeFileSync(file, 'a last word\n')
    expect((await site.run('forget', '-t', 'secrets', '--match', `@${file}`, '-y')).code).to.equal(0)
    expect((await get()).stdout).to.not.include('last word')
    const { threadId } = await site.json('forget', '-t', 'secrets', '-y')
    expect((await site.run('get', '-t', String(threadId), '--from', '1')).stdout).to.match(
      /^… \d+ events were forgotten by/m,
    )
    expect((await site.run('list', '--json')).stdout).to.equal('[]\n')
  })
})
