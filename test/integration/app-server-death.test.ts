/** The app-server dies under a turn. */
import { expect } from 'chai'
import { killGroup, makeSite, type TestSite } from '../support/daemon-process.ts'
import { eventually } from '../support/eventually.ts'

describe('an app-server that is killed in the middle of a turn', function () {
  this.timeout(60_000)
  let site: TestSite

  before(async () => {
    site = await makeSite()
    await site.startDaemon()
  })

  after(() => site.close())

  it('is started again, its turn is closed as failed, and the next prompt runs', async () => {
    const peer = await site.connect({ label: 'poster' })
    const threadId = await peer.startThread()
    await peer.follow(threadId)
    const { turn } = await peer.submit(threadId, 'hold for-ever')
    await eventually('the answer begins', () => peer.events.some(({ method }) => method === 'item/agentMessage/delta'))
    const killed = await site.appServerPid()
    killGroup(killed)
    expect(await peer.turnEnd(turn.id)).to.equal('failed')
    const next = await peer.submit(threadId, 'are you there?')
    expect(await peer.turnEnd(next.turn.id)).to.equal('completed')
    expect(await site.appServerPid()).to.not.equal(killed)
    expect(
      peer.events.filter(({ method, turnId }) => method === 'turn/completed' && turnId === turn.id),
    ).to.have.lengthOf(1)
  })

  it('does not lose a prompt that was on its way, or says that nothing was submitted', async () => {
    const peer = await site.connect()
    const threadId = await peer.startThread()
    await peer.follow(threadId)
    const pid = await site.appServerPid()
    const submitted = peer.submit(threadId, 'in the nick of time').catch((error: unknown) => error)
    killGroup(pid)
    const outcome = await submitted
    if (outcome instanceof Error) {
      expect(outcome).to.include({ errorName: 'unavailable' })
      const next = await peer.submit(threadId, 'once more')
      expect(await peer.turnEnd(next.turn.id)).to.equal('completed')
    } else expect(outcome).to.have.nested.property('share.duplicate', false)
  })
})
