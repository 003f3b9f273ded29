/** Sub-agents of the real Codex: each works in a thread of its own, in turns that Codex roots in the turn that it works for. */
import { expect } from 'chai'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { agentsScript } from '../../support/sites/agents-script.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

interface Listed {
  readonly threadId: string
  readonly turn: { readonly turnId: string } | null
}

describeSite('a turn with a sub-agent', { each: true, script: agentsScript() }, (site) => {
  let peer: TestPeer
  let threadId: string
  let turnId: string

  beforeEach(async () => {
    peer = await site.connect()
    threadId = await peer.startThread()
    await peer.follow(threadId, 0)
  })

  const list = async () => (await peer.call('share/list', {})).threads as Listed[]
  const turnIn = async (thread: string) => (await list()).find((one) => one.threadId === thread)?.turn?.turnId
  const idsOf = (method: string, thread: string) =>
    peer.events.filter((event) => event.threadId === thread && event.method === method).map((event) => event.turnId)

  /** Has a sub-agent work, and returns its thread once it does. */
  async function work(words: string): Promise<string> {
    turnId = (await peer.submit(threadId, `agent ${words}`)).turn.id
    return eventually('the agent works', async () => {
      const spawned = peer.events.flatMap(({ params }) => {
        const { item } = params as { item?: { receiverThreadIds?: string[] } }
        return item?.receiverThreadIds ?? []
      })
      const [agent] = spawned
      if (agent === undefined) return undefined
      // It cannot be read before its first turn is stored.
      const read = await peer.call('thread/read', { threadId: agent, includeTurns: false }).catch(() => undefined)
      const thread = read?.thread as { status: { type: string } } | undefined
      return thread?.status.type === 'active' ? agent : undefined
    })
  }

  it('is one turn of the one thread that is shared, until the agent is done as well', async () => {
    const agent = await work('hold it')
    expect((await list()).map((one) => [one.threadId, one.turn?.turnId])).to.deep.equal([[threadId, turnId]])
    site.model.release('it')
    expect(await peer.turnEnd(turnId)).to.equal('completed')
    expect(await turnIn(threadId)).to.equal(undefined)
    expect([idsOf('turn/started', threadId), idsOf('turn/completed', threadId)]).to.deep.equal([[turnId], [turnId]])
    expect(peer.events.filter((event) => event.threadId === agent)).to.deep.equal([])
  })

  it('ends when it is interrupted, and the thread is free', async () => {
    await work('hold it')
    await peer.call('turn/interrupt', { threadId, turnId })
    expect(await peer.turnEnd(turnId)).to.equal('interrupted')
    const next = await peer.submit(threadId, 'say next')
    expect(await peer.turnEnd(next.turn.id)).to.equal('completed')
  })

  it('has turns of their own in the agent’s thread where somebody shares that, one for each time it is given work', async () => {
    const agent = await work('hold it')
    await peer.call('share/open', { threadId: agent })
    await peer.follow(agent, 0)
    const first = String(await turnIn(agent))
    expect(first).not.to.equal(turnId)
    const busy: unknown = await peer.submit(agent, 'meanwhile').catch((error: unknown) => error)
    expect(busy).to.deep.include({ errorName: 'busy' })
    site.model.release('it')
    expect(await peer.turnEnd(turnId)).to.equal('completed')
    const ids = await eventually('both have ended', () => {
      const ended = idsOf('turn/completed', agent)
      return ended.length === 2 && ended
    })
    expect(new Set(ids).size).to.equal(2)
    expect([ids[0], idsOf('turn/started', agent)]).to.deep.equal([first, ids])
    expect([...new Set(idsOf('item/completed', agent))]).to.deep.equal(ids)
    await site.startDaemon({ CODEX_SHARE_TAKEOVER: '1' })
    peer = await site.connect()
    await peer.follow(agent, 0)
    const { turn } = await peer.submit(agent, 'say more')
    expect(await peer.turnEnd(turn.id)).to.equal('completed')
    expect(idsOf('turn/completed', agent)).to.deep.equal([...ids, turn.id])
    expect(idsOf('turn/started', agent)).to.deep.equal([...ids, turn.id])
  })

  it('is ended by an interrupt in the agent’s thread there alone', async () => {
    const agent = await work('hold it')
    await peer.call('share/open', { threadId: agent })
    await peer.follow(agent, 0)
    const first = String(await turnIn(agent))
    await peer.call('turn/interrupt', { threadId: agent, turnId: first })
    expect(await peer.turnEnd(first)).to.equal('interrupted')
    expect(await turnIn(agent)).to.equal(undefined)
    expect(await turnIn(threadId)).to.equal(turnId)
  })
})
