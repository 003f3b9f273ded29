/** A review: Codex begins it under the id of a sub-turn, and ends it under the root's. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect } from 'chai'
import { connectStockPeer, turnIdIn } from '../../support/peers/stock-peer.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describeSite('a review in a shared thread', { daemon: false }, (site) => {
  let daemon: ChildProcess
  let peer: TestPeer
  let threadId: string

  before(async () => {
    daemon = await site.startDaemon()
    peer = await site.connect()
    threadId = await peer.startThread()
    await peer.follow(threadId, 0)
    await peer.turnEnd((await peer.submit(threadId, 'say one')).turn.id)
  })

  const review = async (instructions: string) => {
    const { turn } = await peer.call('review/start', { threadId, target: { type: 'custom', instructions } })
    return (turn as { id: string }).id
  }
  const idsOf = (method: string) => peer.events.filter((event) => event.method === method).map(({ turnId }) => turnId)

  it('is one turn, and the thread is free after it', async () => {
    const turnId = await review('look')
    expect(await peer.turnEnd(turnId)).to.equal('completed')
    expect(idsOf('turn/started').at(-1)).to.equal(turnId)
    const next = await peer.submit(threadId, 'say two')
    expect(await peer.turnEnd(next.turn.id)).to.equal('completed')
    expect(idsOf('turn/started')).to.deep.equal(idsOf('turn/completed'))
  })

  it('holds the slot while it runs, and is ended under the id that is told', async () => {
    const turnId = await review('hold the review')
    await eventually('it runs', () => idsOf('turn/started').includes(turnId))
    const busy = await peer.submit(threadId, 'meanwhile').catch((error: unknown) => error)
    expect(busy).to.deep.include({ errorName: 'busy' })
    expect((busy as { facts: object }).facts).to.deep.include({ threadId, turnId })
    const input = [{ type: 'text', text: 'also' }]
    const refused = peer.call('turn/steer', { threadId, input, expectedTurnId: turnId, share: { steer: true } })
    expect(String(await refused.catch((error: unknown) => error))).to.contain('cannot steer a review turn')
    await peer.call('turn/interrupt', { threadId, turnId })
    expect(await peer.turnEnd(turnId)).to.equal('interrupted')
    const next = await peer.submit(threadId, 'say three')
    expect(await peer.turnEnd(next.turn.id)).to.equal('completed')
  })

  it('is known by the same id to the next daemon, which can end it as well', async () => {
    const turnId = await review('hold the next')
    await eventually('it runs', () => idsOf('turn/started').includes(turnId))
    daemon.kill('SIGTERM')
    await once(daemon, 'exit')
    daemon = await site.startDaemon()
    peer = await site.connect()
    await peer.follow(threadId, 0)
    const busy = await peer.submit(threadId, 'meanwhile').catch((error: unknown) => error)
    expect((busy as { facts: object }).facts).to.deep.include({ threadId, turnId })
    expect(busy).to.have.nested.property('facts.by.label', 'test')
    await peer.call('turn/interrupt', { threadId, turnId })
    expect(await peer.turnEnd(turnId)).to.equal('interrupted')
    expect(idsOf('turn/started')).to.deep.equal(idsOf('turn/completed'))
  })

  it('is a turn like any other when a stock client asks for it', async () => {
    const stock = await connectStockPeer(join(site.runtimeDir, 'codex.sock'))
    await stock.call('thread/resume', { threadId, excludeTurns: true })
    const reply = await stock.call('review/start', { threadId, target: { type: 'custom', instructions: 'look again' } })
    expect(await peer.turnEnd(turnIdIn(reply))).to.equal('completed')
    const next = turnIdIn(await stock.prompt(threadId, 'say four'))
    expect(await peer.turnEnd(next)).to.equal('completed')
    stock.close()
  })
})
