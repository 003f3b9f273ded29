/** One thread, several peers, on the real app-server. */
import { renameSync } from 'node:fs'
import { expect } from 'chai'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describeSite('a shared thread', {}, (site) => {
  it('shows every peer the same events with the same ids in the same order', async () => {
    const [poster, one, two] = await Promise.all([site.connect(), site.connect(), site.connect()])
    const threadId = await poster.startThread()
    await Promise.all([one.follow(threadId, 0), two.follow(threadId, 0)])
    const { turn, share } = await poster.submit(threadId, 'run echo hello')
    expect(share.duplicate).to.equal(false)
    expect(await one.turnEnd(turn.id)).to.equal('completed')
    expect(await two.turnEnd(turn.id)).to.equal('completed')
    // What Codex tells behind the end of a turn may have come to one of them alone so far.
    const [left, right] = [one, two].map(({ events }) => {
      const end = events.findIndex(({ method }) => method === 'turn/completed')
      return events.slice(0, end + 1).map(({ id, method }) => [id, method] as const)
    })
    expect(left).to.deep.equal(right)
    const ids = (left ?? []).map(([id]) => id)
    expect(ids).to.deep.equal([...ids].sort((a, b) => a - b))
  })

  it('gives one of fifty submits at the same instant the turn, and the others busy with its facts', async () => {
    const peers = await Promise.all(Array.from({ length: 50 }, (_, index) => site.connect({ label: `peer ${index}` })))
    const [first] = peers
    if (!first) throw new Error('no peer')
    const threadId = await first.startThread()
    const results = await Promise.all(
      peers.map((peer) => peer.submit(threadId, 'hold fifty').catch((error: unknown) => error)),
    )
    const busy = results.filter(
      (result) => result instanceof Error && 'errorName' in result && result.errorName === 'busy',
    )
    expect(busy).to.have.lengthOf(49)
    site.model.release('fifty')
  })

  it('takes a name for one thread only, a folder that is there, and stops only what is shared', async () => {
    const peer = await site.connect()
    const threadId = await peer.startThread('only one')
    const refusal = (params: object, method = 'share/open') =>
      peer.call(method, params).catch((error: unknown) => error)
    expect(await refusal({ name: 'only one' })).to.include({ errorName: 'conflict' })
    expect(await refusal({ name: ' ' })).to.include({ errorName: 'usage' })
    for (const name of ['last', 'a\u001b[2Jb', 'two\nlines', 'x'.repeat(101), threadId])
      expect(await refusal({ name })).to.include({ errorName: 'usage' })
    expect(await refusal({ cwd: '/nonexistent' })).to.include({ errorName: 'usage' })
    for (const reference of [threadId, 'only one'])
      expect(await peer.call('share/open', { threadId: reference, name: ' only one ' })).to.include({
        opened: 'already',
      })
    await peer.call('share/close', { threadId })
    expect(await refusal({ thread: 'only one', open: false }, 'share/resolve')).to.include({ errorName: 'notFound' })
    expect(await refusal({ thread: threadId, open: false }, 'share/resolve')).to.include({ errorName: 'notFound' })
    expect(await refusal({ threadId, from: { id: 999 } }, 'share/events'))
      .to.have.property('message')
      .that.includes('999')
  })

  it('is read by those who follow it when its sharing was stopped, and not shared again by that', async () => {
    const peer = await site.connect()
    const threadId = await peer.startThread('stopped')
    await peer.call('share/close', { threadId })
    const shared = async () => JSON.stringify((await peer.call('share/list', {})).threads)
    // As a client of before asks, and one that knows of stopped threads.
    await peer.follow(threadId, 0)
    await eventually('it has it all', () => peer.told.some(({ method }) => method === 'share/closed'))
    expect(peer.told.map(({ method }) => method)).to.deep.equal(['share/caughtUp', 'share/closed'])
    expect(await shared()).to.not.include(threadId)
    for (const thread of [threadId, 'stopped', threadId.slice(0, -2)])
      expect(await peer.call('share/resolve', { thread, stopped: true })).to.include({ opened: 'stopped' })
    expect(await shared()).to.not.include(threadId)
    const namesake = await peer.startThread('stopped')
    expect(await peer.call('share/resolve', { thread: 'stopped', stopped: true })).to.have.nested.property(
      'thread.threadId',
      namesake,
    )
    expect(await peer.call('share/resolve', { thread: threadId })).to.include({ opened: 'existing' })
  })

  it('is found by its exact name before those whose ids begin like it', async () => {
    const peer = await site.connect()
    const other = await peer.startThread()
    const beginning = other.slice(0, 4)
    const threadId = await peer.startThread(beginning)
    expect(await peer.call('share/resolve', { thread: beginning })).to.have.nested.property('thread.threadId', threadId)
  })

  it('tells its status, also when its ledger was deleted under it', async () => {
    const peer = await site.connect()
    const { ledger } = (await peer.call('share/status', {})) as { ledger: { file: string; problem: string | null } }
    expect(ledger.problem).to.equal(null)
    renameSync(ledger.file, `${ledger.file}.away`)
    const { ledger: deleted } = (await peer.call('share/status', {})) as { ledger: { problem: string | null } }
    renameSync(`${ledger.file}.away`, ledger.file)
    expect(deleted.problem).to.include('deleted')
  })

  it('lets a peer steer its own turn, and another only when asked for outright, and never takes a prompt twice', async () => {
    const [owner, other] = [await site.connect({ label: 'owner' }), await site.connect({ label: 'other' })]
    const threadId = await owner.startThread()
    await owner.follow(threadId)
    const { turn } = await owner.submit(threadId, 'hold steering')
    await eventually('it runs', () => owner.events.some(({ method }) => method === 'item/agentMessage/delta'))
    const steer = (peer: TestPeer, text: string, more: object = {}) => {
      const input = [{ type: 'text', text, text_elements: [] }]
      return peer
        .call('turn/steer', { threadId, input, expectedTurnId: turn.id, ...more })
        .catch((error: unknown) => error)
    }
    expect(await steer(other, 'not yours')).to.include({ errorName: 'busy' })
    const again = { clientUserMessageId: 'steer-1', share: { steer: true } }
    expect(await steer(other, 'hold steering (asked for)', again)).to.deep.equal({ turnId: turn.id })
    expect(await steer(owner, 'hold steering (my own)')).to.deep.equal({ turnId: turn.id })
    site.model.release('steering')
    await owner.turnEnd(turn.id)
    expect(await steer(other, 'hold steering (asked for)', again)).to.deep.equal({ turnId: turn.id })
    expect(await steer(other, 'hold steering (asked for)', { ...again, expectedTurnId: 'a later one' })).to.deep.equal({
      turnId: turn.id,
    })
    expect(await steer(other, 'something else', again)).to.include({ errorName: 'conflict' })
    const prompts = owner.events.filter(({ method, params }) => method === 'item/completed' && isPrompt(params))
    expect(prompts.map(({ by }) => by?.label)).to.deep.equal(['owner', 'other', 'owner'])
  })
})

function isPrompt(params: Readonly<Record<string, unknown>>): boolean {
  return JSON.stringify(params).includes('"type":"userMessage"')
}
