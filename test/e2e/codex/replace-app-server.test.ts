/** `daemon restart --app-server`: another app-server, with another environment, and nobody's prompt or thread is lost on the way. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeScriptedHome } from '../../../src/demo/scripted-home.ts'
import { connectStockPeer, turnIdIn } from '../../support/peers/stock-peer.ts'
import { type CommandSite, makeCommandSite } from '../../support/sites/command-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describe('replacing the app-server', function () {
  this.timeout(60_000)
  let site: CommandSite
  let threadId: string

  before(async () => {
    site = await makeCommandSite()
    threadId = await site.share('release')
  })
  after(() => site.close())

  const post = (text: string, thread = threadId) => site.start(['post', '-t', thread, '-p', text])
  const replace = (env: NodeJS.ProcessEnv = {}, ...more: string[]) =>
    site.start(['daemon', 'restart', '--app-server', ...more], { env })
  const codexOf = (pid: number) => readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')

  it('waits for the turn that runs, says so, and gives the next one the environment of who asked', async () => {
    const before = await site.appServerPid()
    const posted = post('hold replace')
    await eventually('the answer has begun', () => posted.stdout().includes('Before the hold.'))
    const replaced = replace({ EXAMPLE_KEY: 'rotated' })
    await eventually('it is said', () => replaced.stderr().includes(`waiting for a turn to end: ${threadId}`))
    expect(await site.appServerPid()).to.equal(before)
    site.model.release('replace')
    expect((await posted.ended).stdout).to.contain('After the hold.')
    const { code, stderr } = await replaced.ended
    const pid = await site.appServerPid()
    expect(code).to.equal(0)
    expect(stderr).to.match(new RegExp(`Replaced the Codex app-server: it is Codex \\S+ now \\(pid ${pid}\\)\n$`))
    expect(pid).not.to.equal(before)
    expect(codexOf(pid)).to.include('EXAMPLE_KEY=rotated')
    expect((await post('and now?').ended).stdout).to.contain('You said: and now?')
  })

  it('leaves all as it is when the time is up, and when the one who asked leaves', async () => {
    const before = await site.appServerPid()
    const posted = post('hold patience')
    await eventually('the answer has begun', () => posted.stdout().includes('Before the hold.'))
    const { code, stderr } = await replace({}, '--timeout', '300ms').ended
    expect({ code, stderr }).to.deep.include({ code: 10 })
    expect(stderr).to.contain('Nothing has changed.')
    const left = replace()
    await eventually('it waits', () => left.stderr().includes('waiting for a turn'))
    left.child.kill('SIGINT')
    expect((await left.ended).code).to.equal(130)
    site.model.release('patience')
    expect((await posted.ended).code).to.equal(0)
    expect((await post('still there?').ended).code).to.equal(0)
    expect(await site.appServerPid()).to.equal(before)
  })

  it('loses and doubles no prompt, on either socket', async () => {
    const stock = await connectStockPeer(join(site.runtimeDir, 'codex.sock'))
    const own = await stock.startThread()
    const first = turnIdIn(await stock.prompt(own, 'stock first'))
    await stock.told('turn/completed', { turn: { id: first } })
    // A daemon that is replaced as well would send it away, as it does at every restart.
    const peer = await site.connect()
    const before = site.model.requests()
    let done = false
    const scripts = [1, 2].map(async (number) => {
      const thread = await peer.startThread(`busy ${number}`)
      await peer.follow(thread)
      let posted = 0
      for (; !done || posted < 3; posted += 1) {
        const { turn } = await peer.submit(thread, `${number} ${posted}`)
        expect(await peer.turnEnd(turn.id)).to.equal('completed')
      }
      return posted
    })
    const pids = new Set([await site.appServerPid()])
    for (let round = 0; round < 3; round += 1) {
      const moved = peer.call('share/moveAppServer', {})
      const turn = turnIdIn(await stock.prompt(own, `stock ${round}`))
      await stock.told('turn/completed', { turn: { id: turn, status: 'completed' } })
      await moved
      pids.add(await site.appServerPid())
    }
    done = true
    const counts = [3, ...(await Promise.all(scripts))]
    expect(pids.size).to.equal(4)
    expect(site.model.requests() - before).to.equal(counts.reduce((sum, count) => sum + count, 0))
    expect(stock.closed).to.equal(false)
    stock.close()
  })

  it('changes nothing where there is no Codex to be started', async () => {
    const before = await site.appServerPid()
    const { code, stderr } = await replace({ CODEX_SHARE_CODEX_BIN: '/nonexistent/codex' }).ended
    expect({ code, before }).to.deep.equal({ code: 5, before: await site.appServerPid() })
    expect(stderr).to.contain('/nonexistent/codex')
    expect((await post('as before').ended).code).to.equal(0)
  })

  it('moves the daemon to the CODEX_HOME of who asks', async () => {
    const elsewhere = join(site.dir, 'elsewhere')
    makeScriptedHome({ dir: elsewhere, baseUrl: site.model.baseUrl })
    const env = { CODEX_HOME: elsewhere }
    expect((await replace(env).ended).code).to.equal(0)
    expect((await site.start(['start'], { env }).ended).code).to.equal(0)
    expect((await post('from the old home').ended).code).to.equal(9)
  })
})
