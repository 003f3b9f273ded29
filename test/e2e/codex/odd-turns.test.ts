/** Turns that Codex's own clients begin in other ways than by a prompt, and what the command line makes of them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { findCodex } from '../../../src/codex/binary/find-codex.ts'
import { connectStockPeer } from '../../support/peers/stock-peer.ts'
import { openStockUi, type StockUi } from '../../support/peers/stock-ui.ts'
import { type CommandSite, jsonLines, makeCommandSite } from '../../support/sites/command-site.ts'
import { scriptByWords } from '../../support/sites/daemon-process.ts'
import { eventually } from '../../support/waiting/eventually.ts'

interface Told {
  readonly method: string
  readonly turnId: string
  readonly by: { readonly kind: string } | null
  readonly params: { readonly item?: { readonly type: string } }
}

describe('turns that are no prompts of ours', function () {
  this.timeout(90_000)
  let site: CommandSite
  let threadId: string

  before(async () => {
    site = await makeCommandSite({
      script: (turn) =>
        /COMPACTION/i.test(turn.prompt) ? [{ hold: 'compaction' }, { say: 'All so far.' }] : scriptByWords(turn),
    })
    threadId = await site.share('work')
    expect((await site.run('post', '-t', 'work', '-p', 'say one')).code).to.equal(0)
  })

  after(() => site.close())

  const turnOf = async (id: string) => {
    const threads: unknown = await site.json('list')
    return (threads as { threadId: string; turn: object | null }[]).find((one) => one.threadId === id)?.turn
  }
  /** The events that `tail --until-idle` shows, which begins while a turn runs, until that is over. */
  const tailWhile = async (end: () => void) => {
    const tail = site.start(['tail', '-t', 'work', '--after', '0', '--until-idle', '--json'])
    await eventually('it follows', () => tail.stdout() !== '')
    end()
    const { code, stdout } = await tail.ended
    expect(code).to.equal(0)
    return jsonLines(stdout).map(({ method }) => method)
  }
  const codex = async (...args: string[]) => {
    const { path, args: before, env } = await findCodex({ env: {}, packageFrom: import.meta.url, cwd: site.dir })
    const child = spawn(path, [...before, ...args], {
      env: { ...site.env, ...env },
      cwd: site.dir,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = once(child, 'close')
    const [out, err] = await Promise.all([child.stdout.toArray(), child.stderr.toArray()])
    await ended
    return { code: child.exitCode, out: out.join(''), err: err.join('') }
  }

  describe('a command that a person runs in the stock UI with `!`', () => {
    let ui: StockUi

    before(async () => {
      ui = await openStockUi(site, { threadId })
    })

    after(() => ui.close())

    const runInShell = async (command: string) => {
      ui.type(`!${command}`)
      await ui.shows(command)
      // One that comes too close behind the text is taken for a part of a paste; one that comes too late does nothing.
      await eventually('it runs', async () => {
        ui.press('Enter')
        return turnOf(threadId)
      })
    }

    it('is a turn: `list` shows it, `tail --until-idle` ends with it, `get` has its output', async () => {
      const go = join(site.dir, 'go')
      await runInShell(`until test -e ${go}; do sleep 0.1; done; echo from the shell`)
      const methods = await tailWhile(() => writeFileSync(go, ''))
      expect(methods.at(-1)).to.equal('turn/completed')
      expect(await turnOf(threadId)).to.equal(null)
      expect((await site.run('get', '-t', 'work')).stdout).to.contain('from the shell')
    })

    it('is ended by `interrupt`', async () => {
      await runInShell('sleep 60')
      expect((await site.run('interrupt', '-t', 'work')).code).to.equal(0)
      await eventually('it is over', async () => (await turnOf(threadId)) === null)
      expect((await site.run('post', '-t', 'work', '-p', 'say two')).code).to.equal(0)
    })
  })

  it('is a compaction, with which `tail --until-idle` ends as well', async () => {
    const stock = await connectStockPeer(join(site.runtimeDir, 'codex.sock'))
    await stock.call('thread/resume', { threadId, excludeTurns: true })
    await stock.call('thread/compact/start', { threadId })
    await eventually('it runs', () => turnOf(threadId))
    const methods = await tailWhile(() => site.model.release('compaction'))
    expect(methods.at(-1)).to.equal('turn/completed')
    expect((await site.run('get', '-t', 'work')).stdout).to.match(/compact/i)
    stock.close()
  })

  it('has `codex exec --remote` begin a thread that is shared, and go on in it', async function () {
    if (!(await codex('exec', '--help')).out.includes('--remote ')) this.skip()
    const remote = ['exec', '--skip-git-repo-check', '--remote', `unix://${join(site.runtimeDir, 'codex.sock')}`]
    const first = await codex(...remote, 'say first')
    expect([first.code, first.out]).to.deep.equal([0, 'You said: say first\n'])
    const [, id = ''] = /thread id: (\S+)/.exec(first.err) ?? []
    expect(await turnOf(id)).to.equal(null)
    const second = await codex(...remote, 'resume', id, 'say second')
    expect([second.code, second.out]).to.deep.equal([0, 'You said: say second\n'])
    const { events } = (await site.json('get', '-t', id)) as unknown as { events: Told[] }
    const of = (method: string) => events.filter((event) => event.method === method)
    expect(of('turn/started')).to.have.length(2)
    expect(of('turn/completed').map(({ turnId }) => turnId)).to.deep.equal(
      of('turn/started').map(({ turnId }) => turnId),
    )
    const prompts = of('item/completed').filter(({ params }) => params.item?.type === 'userMessage')
    expect(prompts.map(({ by }) => by?.kind)).to.deep.equal(['codex', 'codex'])
  })
})
