/** The app-server dies under a turn. */
import type { ChildProcess } from 'node:child_process'
import { expect } from 'chai'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { endProcess, killGroup } from '../../support/sites/daemon-process.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

interface UserMessage {
  readonly type: string
  readonly content: readonly { readonly text?: string }[]
}

/** What was asked in the turn, and by whom. */
function promptsOf({ events }: TestPeer, turn: string): string[] {
  return events.flatMap(({ method, turnId, params, by }) => {
    const item = params.item as UserMessage | undefined
    if (method !== 'item/completed' || turnId !== turn || item?.type !== 'userMessage') return []
    return [`${item.content[0]?.text} by ${by?.label}`]
  })
}

describeSite('an app-server that is killed in the middle of a turn', { daemon: false }, (site) => {
  let daemon: ChildProcess

  before(async () => {
    daemon = await site.startDaemon()
  })

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

  it('leaves the prompt in the ledger, with its text and author, however soon after the acknowledgement it dies', async () => {
    const peer = await site.connect({ label: 'poster' })
    for (const text of ['say one', 'say two']) {
      const threadId = await peer.startThread()
      await peer.follow(threadId)
      const pid = await site.appServerPid()
      const { turn } = await peer.submit(threadId, text)
      killGroup(pid)
      const status = await peer.turnEnd(turn.id)
      expect({ status, prompts: promptsOf(peer, turn.id) }).to.deep.equal({ status, prompts: [`${text} by poster`] })
    }
  })

  it('leaves it there also when the daemon dies with it', async () => {
    const first = await site.connect({ label: 'poster' })
    const threadId = await first.startThread()
    const [pid, { turn }] = [await site.appServerPid(), await first.submit(threadId, 'hold four')]
    killGroup(pid)
    await endProcess(daemon)
    daemon = await site.startDaemon()
    const peer = await site.connect()
    await peer.follow(threadId, 0)
    expect(await peer.turnEnd(turn.id)).to.equal('failed')
    expect(promptsOf(peer, turn.id)).to.deep.equal(['hold four by poster'])
    const next = await peer.submit(threadId, 'are you there?')
    expect(await peer.turnEnd(next.turn.id)).to.equal('completed')
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
