/** Codex ends a turn, and the daemon does not hear of it. */
import { expect } from 'chai'
import { lookAtDaemon } from '../../../src/doctor/look-at-daemon.ts'
import { resolvePlaces } from '../../../src/platform/places/resolve-places.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { startWatchedAppServer, type WatchedAppServer } from '../../support/sites/watched-app-server.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const ofNoThread = '{"method":"warning","params":{"threadId":null,"message":"instead"}}'

describeSite('a turn whose end is not heard', { daemon: false }, (site) => {
  let codex: WatchedAppServer
  let peer: TestPeer
  let threadId: string

  before(async () => {
    codex = await startWatchedAppServer(site)
    await site.startDaemon()
    peer = await site.connect()
    threadId = await peer.startThread('work')
    await peer.follow(threadId, 0)
  })

  after(() => codex.close())

  const idsOf = (method: string) => peer.events.filter((event) => event.method === method).map(({ turnId }) => turnId)
  const rewrite = (change: (text: string) => string) => {
    for (const { sent } of codex.links) sent.rewrite(change)
  }
  const warnings = () =>
    site
      .daemonLog()
      .split('\n')
      .filter((line) => line.includes('idle in Codex'))
      .map((line) => JSON.parse(line) as object)

  it('leaves the thread free all the same, with the outcome that Codex has, and a line in the log', async () => {
    const { turn } = await peer.submit(threadId, 'hold it')
    await eventually('it runs', () => idsOf('turn/started').includes(turn.id))
    rewrite((text) => (text.includes('"turn/completed"') ? ofNoThread : text))
    site.model.release('it')
    expect(await peer.turnEnd(turn.id)).to.equal('completed')
    expect(warnings()).to.have.length(1)
    expect(warnings()[0]).to.deep.include({ level: 40, threadId, turnId: turn.id })
    rewrite((text) => text)
    const next = await peer.submit(threadId, 'say more')
    expect(await peer.turnEnd(next.turn.id)).to.equal('completed')
    expect(idsOf('turn/completed')).to.deep.equal(idsOf('turn/started'))
    const prompts = peer.events.filter(
      ({ method, params }) =>
        method === 'item/completed' && (params as { item: { type: string } }).item.type === 'userMessage',
    )
    expect(prompts).to.have.length(2)
  })

  it('is no case for a line where the end comes right behind the idle status, as it does', async () => {
    const { turn } = await peer.submit(threadId, 'say again')
    await peer.turnEnd(turn.id)
    const order = peer.events.slice(-2).map(({ method }) => method)
    expect(order).to.deep.equal(['thread/status/changed', 'turn/completed'])
    expect(warnings()).to.have.length(1)
  })

  it('is named by the doctor where not even the status came, and over with the next link', async () => {
    const { turn } = await peer.submit(threadId, 'hold more')
    await eventually('it runs', () => idsOf('turn/started').includes(turn.id))
    const look = () => lookAtDaemon(resolvePlaces(site.env), { kind: 'script', label: 'doctor' })
    expect(await look()).to.deep.include({ held: [] })
    let isOver = false
    rewrite((text) => {
      isOver ||= text.includes('"turn/completed"')
      return /"turn\/completed"|"thread\/status\/changed"/.test(text) ? ofNoThread : text
    })
    site.model.release('more')
    await eventually('it is over', () => isOver)
    const { threads } = await peer.call('share/list', {})
    const [{ turn: held }] = threads as [{ turn: { startedAt: string } }]
    expect(await look()).to.deep.include({
      held: [{ threadId, name: 'work', turnId: turn.id, startedAt: held.startedAt }],
    })
    codex.links[0]?.cut()
    expect(await peer.turnEnd(turn.id)).to.equal('completed')
  })
})
