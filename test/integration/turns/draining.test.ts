/** An app-server that was told to end by somebody else, while a turn runs in it: it takes no new one until it has gone. */
import { join } from 'node:path'
import { expect } from 'chai'
import { connectStockPeer, turnIdIn } from '../../support/peers/stock-peer.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describeSite('an app-server that is told to end while a turn runs', {}, (site) => {
  it('has a prompt in another thread wait for the next one, and the status say so', async () => {
    const peer = await site.connect()
    const [busy, free] = [await peer.startThread('busy'), await peer.startThread('free')]
    const stock = await connectStockPeer(join(site.runtimeDir, 'codex.sock'))
    const own = await stock.startThread()
    await stock.told('turn/completed', { turn: { id: turnIdIn(await stock.prompt(own, 'mine')) } })
    await Promise.all([peer.follow(busy, 0), peer.follow(free, 0)])
    const { turn } = await peer.submit(busy, 'hold end')
    await eventually('it runs', () => peer.events.some(({ method }) => method === 'item/agentMessage/delta'))
    const direct = await connectStockPeer(join(site.runtimeDir, 'app-server.sock'))
    const pid = await site.appServerPid()
    process.kill(pid, 'SIGTERM')
    const appServer = async () => (await peer.call('share/status', {})).appServer as { state: string; problem: string }
    // Codex itself takes a moment to hear of it.
    await eventually('it drains', async () => (await direct.call('thread/resume', { threadId: free })).error)
    direct.close()
    const before = site.model.requests()
    expect((await stock.prompt(own, 'refused')).error).to.deep.include({ code: -32600 })
    const refused = peer.submit(free, 'in the meantime').catch((error: unknown) => error)
    await eventually('it is said', async () => (await appServer()).state === 'draining')
    expect((await appServer()).problem).to.contain('told to end')
    site.model.release('end')
    expect(await peer.turnEnd(turn.id)).to.equal('completed')
    const next = (await refused) as { turn: { id: string } }
    expect(await peer.turnEnd(next.turn.id)).to.equal('completed')
    expect((await appServer()).state).to.equal('ready')
    // What the stock client was told is refused is not sent later.
    expect(site.model.requests() - before).to.equal(1)
    stock.close()
    expect(await site.appServerPid()).not.to.equal(pid)
  })
})
