/** The daemon goes and comes back; the turn and everybody's events do not mind. */
import { expect } from 'chai'
import { isDelta, type ShareEvent } from '../../src/protocol/events.ts'
import { endProcess, makeSite, type TestSite } from '../support/daemon-process.ts'
import { eventually } from '../support/eventually.ts'
import { connectTestPeer, type TestPeer } from '../support/test-peer.ts'

/** Events that stay; deltas of finished items do not. */
function lasting(events: readonly ShareEvent[]): unknown[] {
  return events.filter(({ method }) => !isDelta(method)).map(({ id, method, turnId }) => ({ id, method, turnId }))
}

async function sees(peer: TestPeer, text: string): Promise<void> {
  await eventually(`the answer ${text}`, () => peer.events.some(({ params }) => JSON.stringify(params).includes(text)))
}

describe('a daemon that is killed in the middle of an answer', function () {
  this.timeout(60_000)
  let site: TestSite

  before(async () => {
    site = await makeSite()
  })

  after(() => site.close())

  it('comes back to the same running turn, and every peer that resumes has what one has that reads it all', async () => {
    const daemon = await site.startDaemon()
    const [poster, watcher] = [await site.connect(), await site.connect()]
    const threadId = await poster.startThread()
    await watcher.follow(threadId, 0)
    const { turn } = await poster.submit(threadId, 'hold restart', 'request-1')
    await sees(watcher, 'Before the hold.')
    const appServer = await site.appServerPid()
    await endProcess(daemon)
    await eventually('the peers notice', () => watcher.closed && poster.closed)
    const before = [...watcher.events]

    await site.startDaemon()
    const resumed = await site.connect()
    await resumed.follow(threadId, before.at(-1)?.id ?? 0)
    expect((await resumed.submit(threadId, 'another').catch((error: unknown) => error)) as object).to.include({
      errorName: 'busy',
    })
    site.model.release('restart')
    expect(await resumed.turnEnd(turn.id)).to.equal('completed')

    const reader = await site.connect()
    await reader.follow(threadId, 0)
    await reader.turnEnd(turn.id)
    expect(await site.appServerPid()).to.equal(appServer)
    expect(lasting([...before, ...resumed.events])).to.deep.equal(lasting(reader.events))
    expect(JSON.stringify(reader.events)).to.include('After the hold.')
  })

  it('gives a repeated request id its first turn, and refuses other content, also after a restart', async () => {
    const [daemon, peer] = [await site.startDaemon({ CODEX_SHARE_TAKEOVER: '1' }), await site.connect()]
    const threadId = await peer.startThread()
    await peer.follow(threadId)
    const first = await peer.submit(threadId, 'say this once', 'once')
    await peer.turnEnd(first.turn.id)
    await endProcess(daemon)
    await site.startDaemon()
    const again = await site.connect()
    const requests = site.model.requests()
    const second = await again.submit(threadId, 'say this once', 'once')
    expect([second.turn.id, second.share.duplicate]).to.deep.equal([first.turn.id, true])
    expect((await again.submit(threadId, 'say that', 'once').catch((error: unknown) => error)) as object).to.include({
      errorName: 'conflict',
    })
    expect(site.model.requests()).to.equal(requests)
  })

  it('is replaced without refusing a connection', async () => {
    const old = await site.startDaemon({ CODEX_SHARE_TAKEOVER: '1' })
    let [stop, connected] = [false, 0]
    const knocking = (async () => {
      while (!stop) {
        const peer = await connectTestPeer(site.socket)
        connected += 1
        peer.close()
      }
    })()
    // A knock that the old daemon took may be cut when it leaves; none may be refused.
    const refused = knocking.then(
      () => undefined,
      (error: unknown) => error,
    )
    const next = await site.startDaemon({ CODEX_SHARE_TAKEOVER: '1' })
    await eventually('the old daemon leaves', () => old.exitCode !== null)
    const served = connected
    await eventually('the new one serves', () => connected > served + 5)
    stop = true
    const failure = await refused
    expect(failure instanceof Error && 'code' in failure ? failure.code : failure).to.equal(undefined)
    expect([old.exitCode, next.exitCode]).to.deep.equal([0, null])
  })
})
