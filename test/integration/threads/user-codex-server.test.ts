/** Threads that are open in the user's own Codex server, when that or the daemon comes and goes. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'chai'
import { controlSocketPath } from '../../../src/platform/places/codex-home.ts'
import { connectStockPeer, type StockPeer, turnIdIn } from '../../support/peers/stock-peer.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { endProcess } from '../../support/sites/daemon-process.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { startUsersServer } from '../../support/sites/users-server.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describeSite('A thread in the user’s own Codex server', { each: true, daemon: false }, (site) => {
  let server: ChildProcess
  let daemon: ChildProcess
  let ui: StockPeer
  let threadId: string

  beforeEach(async () => {
    server = await startUsersServer(site)
    daemon = await site.startDaemon()
    ui = await connectStockPeer(controlSocketPath(site.codexHome))
    threadId = await ui.startThread()
    await ui.told('turn/completed', { turn: { id: turnIdIn(await ui.prompt(threadId, 'mine')) } })
  })

  afterEach(() => endProcess(server))

  const share = async (): Promise<TestPeer> => {
    const script = await site.connect()
    await script.call('share/open', { threadId })
    await script.follow(threadId, 0)
    return script
  }
  const openIn = async (script: TestPeer) => {
    const { thread } = await script.call('share/resolve', { thread: threadId })
    return (thread as { openIn?: string }).openIn
  }

  it('goes on with its turn while the daemon is restarted, and the ledger has one end of it', async () => {
    const before = await share()
    const { turn } = await before.submit(threadId, 'hold restart')
    await eventually('it runs', () => before.events.some(({ method }) => method === 'item/agentMessage/delta'))
    daemon.kill('SIGTERM')
    await once(daemon, 'exit')
    daemon = await site.startDaemon()
    const script = await share()
    const busy = await script.submit(threadId, 'too early').catch((error: unknown) => error)
    expect(busy).to.deep.include({ errorName: 'busy' })
    site.model.release('restart')
    await ui.told('turn/completed', { turn: { id: turn.id } })
    expect(await script.turnEnd(turn.id)).to.equal('completed')
    const ends = script.events.filter(({ method, turnId }) => method === 'turn/completed' && turnId === turn.id)
    expect(ends).to.have.length(1)
  })

  it('is not taken from there by those who only follow while that server restarts', async () => {
    const script = await share()
    await endProcess(server)
    await eventually('the loss is seen', () => site.daemonLog().includes('"isThere":false'))
    const late = await site.connect()
    await late.follow(threadId)
    await eventually('it is followed as far as it goes', () => site.daemonLog().includes('following without Codex'))
    server = await startUsersServer(site)
    const again = await connectStockPeer(controlSocketPath(site.codexHome))
    expect(await again.call('thread/resume', { threadId })).to.have.property('result')
    const typed = turnIdIn(await again.prompt(threadId, 'typed there'))
    expect(await late.turnEnd(typed)).to.equal('completed')
    expect(await openIn(script)).to.equal('codex')
  })

  it('is opened here by a post when that server has gone for good', async () => {
    const script = await share()
    await endProcess(server)
    const { turn } = await script.submit(threadId, 'is anybody there')
    expect(await script.turnEnd(turn.id)).to.equal('completed')
    expect(await openIn(script)).to.equal(undefined)
  })

  it('takes a post over that server’s restart in its stride', async () => {
    const script = await share()
    await endProcess(server)
    const posted = script.submit(threadId, 'posted in between')
    server = await startUsersServer(site)
    const { turn } = await posted
    expect(await script.turnEnd(turn.id)).to.equal('completed')
    expect(await openIn(script)).to.equal('codex')
  })
})
