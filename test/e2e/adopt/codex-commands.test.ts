/** Codex's own commands, where plain `codex` is adopted: `queue`, `exec --remote`, `resume`, `fork`, `agents`. */
import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { findCodex } from '../../../src/codex/binary/find-codex.ts'
import { controlSocketPath } from '../../../src/platform/places/codex-home.ts'
import { openStockUi, type StockUi } from '../../support/peers/stock-ui.ts'
import { openTerminal } from '../../support/peers/terminal.ts'
import { makeTuiSite, type TuiSite } from '../../support/sites/tui-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describe('Codex’s own commands, where it is adopted', function () {
  this.timeout(120_000)
  let site: TuiSite
  let plain: StockUi
  let threadId: string

  before(async () => {
    site = await makeTuiSite()
    mkdirSync(join(site.dir, 'work'), { recursive: true })
    expect((await site.run('adopt')).code).to.equal(0)
    plain = await openStockUi(site, { args: [] })
    await plain.say('hello')
    await plain.shows('You said: hello')
    const [thread] = JSON.parse((await site.run('list', '--all', '--json')).stdout)
    threadId = thread.threadId
  })

  after(async () => {
    plain?.close()
    await site.close()
  })

  const codexWords = async (...args: string[]) => {
    const codex = await findCodex({ env: {}, packageFrom: import.meta.url, cwd: site.dir })
    return { words: [codex.path, ...codex.args, ...args], env: { ...site.env, ...codex.env } }
  }
  const codex = async (...args: string[]) => {
    const { words, env } = await codexWords(...args)
    const [program = '', ...rest] = words
    const running = promisify(execFile)(program, rest, { env, cwd: join(site.dir, 'work') })
    running.child.stdin?.end()
    return running
  }
  const transcript = async () => (await site.run('get', '--thread', threadId)).stdout

  it('queue into a private thread is delivered, and its author is known once that is shared', async () => {
    await codex('queue', '--thread', threadId, '--message', 'queued in private')
    await plain.shows('You said: queued in private', 30_000)
    expect((await site.run('start', '--thread', threadId)).code).to.equal(0)
    expect(await transcript()).to.match(/\n[^\n]+ \d\d:\d\d:\d\d\nqueued in private/)
  })

  it('queue into a shared thread waits for the turn that runs, and has an author', async () => {
    const posting = site.run('post', '--thread', threadId, '--prompt', 'slow 150')
    await plain.shows('one two three')
    await codex('queue', '--thread', threadId, '--message', 'queued meanwhile')
    expect((await posting).code).to.equal(0)
    await plain.shows('You said: queued meanwhile', 30_000)
    expect(await transcript()).to.match(/\ncodex[^\n]* \d\d:\d\d:\d\d\nqueued meanwhile/)
  })

  it('exec --remote is a peer with a name in a shared thread', async function () {
    const { stdout: help } = await codex('exec', '--help')
    if (!help.includes('--remote')) this.skip()
    const remote = `unix://${controlSocketPath(site.codexHome)}`
    await codex('exec', '--skip-git-repo-check', '--remote', remote, 'resume', threadId, 'from exec')
    await plain.shows('You said: from exec')
    expect(await transcript()).to.match(/\ncodex[^\n]* \d\d:\d\d:\d\d\nfrom exec/)
  })

  it('resume opens the shared thread as one more peer, and fork a private one', async () => {
    const second = await openStockUi(site, { args: [], threadId })
    try {
      await second.shows('You said: queued meanwhile')
      await second.say('said in the second')
      await plain.shows('You said: said in the second')
      expect(await transcript()).to.include('said in the second')
    } finally {
      second.close()
    }
    const { words, env } = await codexWords('fork', threadId)
    const fork = openTerminal({ home: site, command: words, cwd: join(site.dir, 'work'), rows: 40, env })
    try {
      await fork.shows('You said: said in the second', 20_000)
      const all: { threadId: string; shared?: false }[] = JSON.parse((await site.run('list', '--all', '--json')).stdout)
      expect(all.map(({ shared }) => shared ?? true).sort()).to.deep.equal([false, true])
    } finally {
      fork.close()
    }
  })

  it('agents shows what is open', async () => {
    const { words, env } = await codexWords('agents')
    const agents = openTerminal({ home: site, command: words, cwd: join(site.dir, 'work'), rows: 40, env })
    try {
      await eventually('it shows a session', () => /said in the second|hello/.test(agents.screen()))
    } finally {
      agents.close()
    }
  })
})
