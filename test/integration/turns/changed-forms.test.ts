/** A Codex that tells something in another form than is known here: the real one, with its words changed on their way. */
import { expect } from 'chai'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { makeSite, type TestSite } from '../../support/sites/daemon-process.ts'
import { startWatchedAppServer, type WatchedAppServer } from '../../support/sites/watched-app-server.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describe('a Codex that tells things in another form', function () {
  this.timeout(60_000)
  let site: TestSite
  let codex: WatchedAppServer
  let peer: TestPeer
  let threadId: string

  beforeEach(async () => {
    site = await makeSite()
    codex = await startWatchedAppServer(site)
    await site.startDaemon()
    peer = await site.connect()
    threadId = await peer.startThread()
    await peer.follow(threadId, 0)
  })

  afterEach(async () => {
    await site.close()
    await codex.close()
  })

  /** What the daemon is told of this method, with its parameters changed. */
  const tell = (method: string, change: (params: Record<string, Record<string, unknown>>) => void) => {
    const [link] = codex.links
    if (!link) throw new Error('no link')
    link.sent.rewrite((text) => {
      const message = JSON.parse(text)
      if (message.method !== method) return text
      change(message.params)
      return JSON.stringify(message)
    })
  }
  const told = (method: string) => peer.events.filter((event) => event.method === method)
  const warnings = () =>
    site
      .daemonLog()
      .split('\n')
      .filter((line) => line.includes('in a form that is not known'))

  it('is passed on as it tells it, and what goes by it goes on', async () => {
    tell('item/completed', ({ item }) => Object.assign(item ?? {}, { id: 7 }))
    const { turn } = await peer.submit(threadId, 'say one')
    expect(await peer.turnEnd(turn.id)).to.equal('completed')
    const items = told('item/completed').map(({ params }) => (params as { item: { id: unknown } }).item.id)
    expect(items).to.deep.equal([7, 7])
    expect(warnings()).to.have.length(1)
    expect(warnings()[0]).to.include('item.id').and.include('item/completed')
  })

  it('does not hold a thread for ever by the end of a turn that cannot be read', async () => {
    tell('turn/completed', ({ turn }) => Object.assign(turn ?? {}, { status: { type: 'completed' } }))
    const { turn } = await peer.submit(threadId, 'say one')
    await eventually('its end is told', () => told('turn/completed').length > 0)
    tell('turn/completed', () => {})
    const next = await eventually('the thread is free', () => peer.submit(threadId, 'say two').catch(() => undefined))
    expect(await peer.turnEnd(next.turn.id)).to.equal('completed')
    const ends = told('turn/completed').filter(({ turnId }) => turnId === turn.id)
    expect(ends.map(({ params }) => (params as { turn: { status: unknown } }).turn.status)).to.deep.equal([
      { type: 'completed' },
      'completed',
    ])
    expect(warnings()).to.have.length(1)
    expect(site.daemonLog()).to.include('the thread is busy here and idle in Codex')
  })

  it('says that such a turn failed where its end is stored in that form, too, and what the next prompt lacks', async () => {
    codex.links[0]?.sent.rewrite((text) => text.replaceAll('"status":"completed"', '"status":{"type":"completed"}'))
    const { turn } = await peer.submit(threadId, 'say one')
    const failed = await eventually('it is over', () =>
      told('turn/completed').find(({ params }) => (params as { turn: { status: unknown } }).turn.status === 'failed'),
    )
    expect(failed).to.deep.include({ turnId: turn.id })
    expect(JSON.stringify(failed.params)).to.include('has not said how it ended')
    const refusal = await peer.submit(threadId, 'say two').catch((error: unknown) => error)
    expect(String(refusal)).to.include('thread/turns/list').and.include('status')
  })
})
