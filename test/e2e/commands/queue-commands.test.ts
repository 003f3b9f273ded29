/** What waits in a thread's queue, on the command line and in the terminal UI. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { findCodex } from '../../../src/codex/binary/find-codex.ts'
import { makeTuiSite, type TuiSite } from '../../support/sites/tui-site.ts'

describe('the queue of a thread', function () {
  this.timeout(90_000)
  let site: TuiSite
  let threadId: string

  before(async () => {
    site = await makeTuiSite()
    threadId = JSON.parse((await site.run('start', '--name', 'release', '--json')).stdout).threadId
  })

  after(() => site.close())

  const queue = async (message: string) => {
    const codex = await findCodex({ env: {}, packageFrom: import.meta.url, cwd: site.dir })
    const remote = `unix://${join(site.runtimeDir, 'codex.sock')}`
    const args = [...codex.args, 'queue', '--thread', threadId, '--remote', remote, '--message', message]
    await promisify(execFile)(codex.path, args, { env: { ...site.env, ...codex.env }, cwd: site.dir })
  }
  const hold = (name: string) => site.run('post', '-t', 'release', '-p', `hold ${name}`, '--no-wait', '--as', 'ann')

  it('is listed with its authors, runs in order, and is read back with them', async () => {
    await hold('one')
    for (const message of ['first', 'second', 'third']) await queue(message)
    const list = (await site.run('list')).stdout.split('\n').slice(2)
    expect(list.map((line) => line.replaceAll(/p\d+/g, 'p'))).to.deep.equal([
      '',
      'Queued in release',
      '  1. codex-tui p: first',
      '  2. codex-tui p: second',
      '  3. codex-tui p: third',
      '',
    ])
    const waiting = JSON.parse((await site.run('queue', '-t', 'release', '--json')).stdout)
    expect(waiting).to.deep.include({ threadId, heldBack: null })
    const [, second] = waiting.prompts
    const back = await site.run('queue', '-t', 'release', '--take-back', second.id.slice(0, 8))
    expect(back).to.deep.equal({ code: 0, stdout: `Taken back: ${second.by.label}: second\n`, stderr: '' })
    expect((await site.run('queue', '-t', 'release', '--take-back', second.id)).code).to.equal(4)
    site.model.release('one')
    await site.run('post', '-t', 'release', '-p', 'last', '--if-busy', 'wait')
    const { stdout } = await site.run('get', '-t', 'release', '--from', '1')
    expect(stdout).to.match(/codex-tui p\d+ .*\n(?:.*\n)*?.*first/)
    expect(stdout).not.to.contain('second')
  })

  it('is held back after an interruption, and goes on when it is started', async () => {
    await hold('two')
    await queue('later')
    await site.run('interrupt', '-t', 'release')
    const held = await site.run('queue', '-t', 'release')
    expect(held.stdout).to.match(/^ID .*\n[0-9a-f]{8} {2}codex-tui p\d+ .* later\n$/)
    expect(held.stderr).to.contain('Held back: the last turn was interrupted.')
    const started = await site.run('queue', '-t', 'release', '--start')
    expect(started.code).to.equal(0)
    expect(started.stdout).to.match(/^Started: turn \S+\n$/)
    expect((await site.run('queue', '-t', 'release')).stderr).to.contain('Nothing waits in the queue of this thread.')
    expect((await site.run('queue', '-t', 'release', '--start')).code).to.equal(2)
  })

  it('stands above the composer of the terminal UI until it has run', async () => {
    await site.run('post', '-t', 'release', '-p', 'idle now', '--if-busy', 'wait')
    await hold('three')
    const ui = site.open({ args: ['--thread', threadId, '--as', 'ann'] })
    await ui.shows('Before the hold')
    await queue('shown in the UI')
    await ui.shows(/Queued\n\s+↳ codex-tui p\d+: shown in the UI/)
    const late = site.open({ args: ['--thread', threadId] })
    await late.shows(/↳ codex-tui p\d+: shown in the UI/)
    site.model.release('three')
    await ui.shows('You said: shown in the UI')
    for (const each of [ui, late]) await each.hides('↳')
  })

  it('goes with a thread whose sharing is stopped, which says so', async () => {
    await hold('four')
    await queue('never')
    await site.run('interrupt', '-t', 'release')
    const { code, stdout, stderr } = await site.run('stop', '-t', 'release')
    expect([code, stdout]).to.deep.equal([0, `No longer shared: ${threadId}\n`])
    expect(stderr).to.contain('Prompts that waited in its queue and went with it: 1.')
  })
})
