/** The stock script client, `codex exec --remote`, and a person's UI, in one shared thread: who may loosen what, and where they work. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { findCodex } from '../../../src/codex/binary/find-codex.ts'
import { openStockUi } from '../../support/peers/stock-ui.ts'
import { openTerminal } from '../../support/peers/terminal.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { type CommandSite, makeCommandSite } from '../../support/sites/command-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describe('Settings of a shared thread, from Codex’s own clients', function () {
  this.timeout(90_000)
  let site: CommandSite
  let peer: TestPeer
  let threadId: string
  let work: string

  before(async () => {
    site = await makeCommandSite({ approvalPolicy: 'on-request', sandboxMode: 'workspace-write' })
    work = join(site.dir, 'work')
    mkdirSync(work)
    threadId = String((await site.json('start', '--name', 'work', '--cwd', work)).threadId)
    peer = await site.connect({ label: 'ada', answers: true })
    await peer.follow(threadId, 0)
  })

  after(() => site.close())

  const command = async (...args: string[]) => {
    const codex = await findCodex({ env: {}, packageFrom: import.meta.url, cwd: work })
    const remote = ['--skip-git-repo-check', '--remote', `unix://${join(site.runtimeDir, 'codex.sock')}`]
    return { words: [codex.path, ...codex.args, 'exec', ...remote, ...args], env: { ...site.env, ...codex.env } }
  }
  const exec = async (cwd: string, ...args: string[]) => {
    const { words, env } = await command(...args)
    const [program = '', ...rest] = words
    const child = spawn(program, rest, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const ended = once(child, 'close')
    const [out, err] = await Promise.all([child.stdout.toArray(), child.stderr.toArray()])
    await ended
    return { code: child.exitCode, out: out.join(''), err: err.join('') }
  }
  /** Says yes to the next approval. */
  const approveNext = async (after: number) => {
    const told = await eventually('an approval', () =>
      peer.told.slice(after).find(({ method }) => method === 'share/approval'),
    )
    const { approvalId } = told.params as { approvalId: string }
    await peer.call('share/answer', { threadId, approvalId, result: { decision: 'accept' } })
  }
  const changesOf = async () => (await site.run('get', '--thread', threadId)).stdout.match(/^– .* now .*$/gm)

  describe('codex exec --remote', () => {
    before(async function () {
      const { path, args } = await findCodex({ env: {}, packageFrom: import.meta.url, cwd: work })
      // An older Codex has no such client; where this one is pinned, it has.
      if (!(await promisify(execFile)(path, [...args, 'exec', '--help'])).stdout.includes('--remote ')) this.skip()
    })

    it('leaves the approvals to the others: they are asked, and it is told what was left out', async () => {
      const [approved, ended] = [approveNext(peer.told.length), exec(work, 'resume', threadId, 'ask echo allowed')]
      await approved
      const { code, out, err } = await ended
      expect([code, out]).to.deep.equal([0, 'The command has run.\n'])
      expect(err).to.contain('codex-share left out approvalPolicy "never"')
      expect(err).to.contain('allowed')
      expect(await changesOf()).to.equal(null)
    })

    it('does so in the foreground of a terminal, too', async () => {
      const { words, env } = await command('resume', threadId, 'ask echo again')
      const after = peer.told.length
      const terminal = openTerminal({ home: site, command: words, cwd: work, env })
      await approveNext(after)
      await terminal.shows('codex-share left out approvalPolicy')
      expect(await terminal.exitCode()).to.equal(0)
      terminal.close()
    })

    it('starts a thread where it was called, and at home instead of in a folder of ours', async () => {
      expect((await exec(work, 'run pwd')).err).to.match(new RegExp(`succeeded.*\n${work}\n`))
      const ours = join(site.dir, 'data/codex-share')
      expect((await exec(ours, 'run pwd')).err).to.match(new RegExp(`succeeded.*\n${site.dir}\n`))
    })
  })

  // Behind the others: from then on nobody is asked.
  describe('its own UI', () => {
    it('leaves it to a person in Codex’s own UI to loosen, which everybody is shown', async () => {
      const ui = await openStockUi(site, { threadId })
      await ui.say('/permissions')
      await ui.shows('Full Access')
      ui.press('Down', 'Down', 'Enter')
      await ui.shows('Yes, continue anyway')
      ui.press('Enter')
      const line = await eventually('the change is shown', async () => (await changesOf())?.[0])
      expect(line).to.match(
        /^– approvals are now never \(before: on-request\), the sandbox is now danger-full-access \(before: workspace-write\), by codex-tui p\d+$/,
      )
      const { stdout } = await site.run('get', '--thread', threadId, '--format', 'markdown')
      expect(stdout).to.match(/\*– approvals are now never .* by codex-tui p\d+\*/)
      ui.close()
    })
  })
})
