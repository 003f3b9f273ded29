/** A shared thread that was archived, and brought back. */
import { join } from 'node:path'
import { expect } from 'chai'
import { connectStockPeer, type StockPeer } from '../../support/peers/stock-peer.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describeSite('a thread that was archived', {}, (site) => {
  let peer: TestPeer
  let direct: StockPeer
  let threadId: string

  before(async () => {
    peer = await site.connect()
    threadId = await peer.startThread()
    direct = await connectStockPeer(join(site.runtimeDir, 'app-server.sock'))
    await peer.follow(threadId, 0)
    await posts('one')
  })

  after(() => direct.close())

  const posts = async (text: string) =>
    expect(await peer.turnEnd((await peer.submit(threadId, text)).turn.id)).to.equal('completed')
  const isRefused = async () => {
    const error = await peer.submit(threadId, 'put away').catch((reason: unknown) => reason)
    expect(error).to.deep.include({ errorName: 'notFound', message: `thread ${threadId} is archived` })
    expect((error as { hint: string }).hint).to.contain(`codex unarchive ${threadId}`)
    expect(await isListed()).to.equal(true)
  }
  const isListed = async () => {
    const { threads } = await peer.call('share/list', {})
    return (threads as { archived?: true }[])[0]?.archived ?? false
  }
  const told = (method: string) => eventually(method, () => peer.events.some((event) => event.method === method))

  it('is said to be, with the way back, and is there again afterwards', async () => {
    const before = site.model.requests()
    await direct.call('thread/archive', { threadId })
    await told('thread/archived')
    await isRefused()
    await isRefused()
    await direct.call('thread/unarchive', { threadId })
    await posts('two')
    expect(await isListed()).to.equal(false)
    expect(site.model.requests() - before).to.equal(1)
  })

  it('may have been brought back before anybody here has noticed', async () => {
    const again = peer.events.length
    await direct.call('thread/archive', { threadId })
    await direct.call('thread/unarchive', { threadId })
    await posts('three')
    expect(peer.events.slice(again).filter(({ method }) => method === 'turn/completed')).to.have.length(1)
  })
})
