/** The daemon is away in the middle of an answer that goes on: what it missed is recorded as missing, once, and in its place. */
import { join } from 'node:path'
import { expect } from 'chai'
import { connectStockPeer } from '../../support/peers/stock-peer.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { endProcess } from '../../support/sites/daemon-process.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describeSite('a daemon that is away while an answer is streamed', { daemon: false }, (site) => {
  const release = (name: string, ...words: number[]) => {
    for (const word of words) site.model.release(`${name} ${word}`)
  }

  /** What came of the answer: its words, and `…` for a hole. */
  const heard = ({ events }: TestPeer) =>
    events
      .map(({ method, params }) => {
        if (method === 'share/missed') return '… '
        return method === 'item/agentMessage/delta' ? params.delta : ''
      })
      .join('')
      .trim()

  async function hears(peer: TestPeer, text: string): Promise<void> {
    await eventually(`${text} is heard`, () => heard(peer) === text)
  }

  /** Has Codex say words that no daemon hears: somebody else does, so that it is known when they were said. */
  async function sayUnheard(threadId: string, name: string, ...words: readonly (readonly [number, string])[]) {
    const listener = await connectStockPeer(join(site.runtimeDir, 'app-server.sock'))
    await listener.call('thread/resume', { threadId, excludeTurns: true })
    for (const [gate, word] of words) {
      release(name, gate)
      await listener.told('item/agentMessage/delta', { delta: `${word} ` })
    }
    listener.close()
  }

  /** A peer of a new daemon that has caught up with the thread: it does so before it refuses to steer. */
  async function followAgain(threadId: string): Promise<TestPeer> {
    const peer = await site.connect({ label: 'ben' })
    await peer.follow(threadId, 0)
    const refusal: unknown = await peer.call('turn/steer', { threadId }).catch((error: unknown) => error)
    expect(refusal).to.include({ errorName: 'busy' })
    return peer
  }

  /** The daemon is killed behind `one two`, and a new one started when `three four` have been said. */
  async function missSome(name: string) {
    const daemon = await site.startDaemon({ CODEX_SHARE_TAKEOVER: '1' })
    const poster = await site.connect()
    const threadId = await poster.startThread()
    await poster.follow(threadId, 0)
    const { turn } = await poster.submit(threadId, `count ${name}`)
    release(name, 1)
    await hears(poster, 'one two')
    await endProcess(daemon)
    await sayUnheard(threadId, name, [2, 'three'], [3, 'four'])
    const next = await site.startDaemon()
    return { daemon: next, threadId, turn, reader: await followAgain(threadId) }
  }

  it('records one hole, also when it is killed again in it, and has the whole answer in the end', async () => {
    const { daemon, threadId, turn, reader } = await missSome('whole')
    await hears(reader, 'one two …')
    await endProcess(daemon)
    await site.startDaemon()
    const again = await followAgain(threadId)
    release('whole', 4)
    await hears(again, 'one two … five')
    release('whole', 5)
    expect(await again.turnEnd(turn.id)).to.equal('completed')
    const missed = again.events.find(({ method }) => method === 'share/missed')
    const itemIds = [again.events.find(({ method }) => method === 'item/agentMessage/delta')?.params.itemId]
    expect([missed?.turnId, missed?.params, missed?.by]).to.deep.equal([
      turn.id,
      { threadId, turnId: turn.id, itemIds },
      null,
    ])
    const late = await site.connect()
    await late.follow(threadId, 0)
    await late.turnEnd(turn.id)
    expect(heard(late)).to.equal('…')
    expect(JSON.stringify(late.events)).to.include('one two three four five six')
  })

  it('keeps the hole for good when the answer is interrupted', async () => {
    const { threadId, turn, reader } = await missSome('cut')
    release('cut', 4)
    await hears(reader, 'one two … five')
    await reader.call('turn/interrupt', { threadId, turnId: turn.id })
    expect(await reader.turnEnd(turn.id)).to.equal('interrupted')
    const late = await site.connect()
    await late.follow(threadId, 0)
    await late.turnEnd(turn.id)
    expect(heard(late)).to.equal('one two … five')
    expect(late.events.find(({ method }) => method === 'turn/completed')?.by).to.include({ label: 'ben' })
  })
})
