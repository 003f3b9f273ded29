/** Sub-agents of a shared thread: their threads are nobody's to follow, but what they ask is asked of whoever follows the thread they work for. */
import type { ChildProcess } from 'node:child_process'
import { expect } from 'chai'
import * as v from 'valibot'
import type { ModelStep, ModelTurn } from '../../../src/demo/model-script.ts'
import { type Approval, approvalSchema } from '../../../src/protocol/approvals.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { openSharedThread, restartDaemon, type SharedThread, whole } from '../../support/samples/shared-thread.ts'
import { scriptByWords } from '../../support/sites/daemon-process.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const namespace = 'multi_agent_v1'

/** `delegate …` gives the words to a sub-agent, `await …` waits for it as well. */
function scriptWithAgents(turn: ModelTurn): readonly ModelStep[] {
  const [, verb, message = ''] = /^(delegate|await) (.*)/.exec(turn.prompt) ?? []
  if (verb === undefined) return scriptByWords(turn)
  if (turn.toolOutput === undefined) return [{ call: 'spawn_agent', namespace, with: { message } }]
  const [, agent] = /"agent_id":"([^"]+)"/.exec(turn.toolOutput) ?? []
  if (verb === 'await' && agent !== undefined)
    return [{ call: 'wait_agent', namespace, with: { targets: [agent], timeout_ms: 600_000 } }]
  return [{ say: 'The sub-agent has its task.' }]
}

const options = { daemon: false, approvalPolicy: 'on-request', script: scriptWithAgents } as const

describeSite('a sub-agent of a shared thread', options, (site) => {
  let daemon: ChildProcess
  let thread: SharedThread
  let first: string

  before(async () => {
    daemon = await site.startDaemon()
  })

  beforeEach(async () => {
    thread = await openSharedThread(site)
    first = String(thread.turns()[0]?.split(' ')[1])
  })

  afterEach(() => thread.stock.close())
  /** The sub-agent's thread, once it works. */
  const agentOf = async ({ peer, threadId }: SharedThread, statuses = ['active']) =>
    eventually(`the sub-agent is ${statuses}`, async () => {
      const { data } = await peer.call('thread/list', {
        ancestorThreadId: threadId,
        sourceKinds: ['subAgentThreadSpawn'],
      })
      const [agent] = v.parse(v.array(v.object({ id: v.string(), status: v.object({ type: v.string() }) })), data)
      return agent && statuses.includes(agent.status.type) ? agent.id : undefined
    })
  const question = async ({ told }: TestPeer): Promise<Approval> =>
    v.parse(
      approvalSchema,
      (await eventually('the sub-agent asks', () => told.find(({ method }) => method === 'share/approval'))).params,
    )
  const waiting = async ({ peer }: SharedThread) =>
    v.parse(v.array(approvalSchema), (await peer.call('share/approvals', {})).approvals)

  it('has a thread of its own, which is not shared: what is recorded is the turn that it works for', async () => {
    const { peer, threadId } = thread
    const { turn } = await peer.submit(threadId, 'await hold kid')
    const agent = await agentOf(thread)
    const { threads } = await peer.call('share/list', {})
    expect(JSON.stringify(threads)).to.not.include(agent)
    expect(await thread.running()).to.deep.equal({ turnId: turn.id, by: 'ada' })
    site.model.release('kid')
    expect(await peer.turnEnd(turn.id)).to.equal('completed')
    expect(thread.turns()).to.deep.equal(whole(first, turn.id))
    expect([...new Set(peer.events.map((event) => event.threadId))]).to.deep.equal([threadId])
    const { item } = (
      await eventually('the call is recorded', () =>
        peer.events.find(
          ({ method, params }) => method === 'item/completed' && JSON.stringify(params).includes('"wait"'),
        ),
      )
    ).params as { item: { type: string; receiverThreadIds: string[] } }
    expect([item.type, item.receiverThreadIds]).to.deep.equal(['collabAgentToolCall', [agent]])
  })

  it('outlives the turn that began it: its end is not taken for the end of another', async () => {
    const { peer, threadId } = thread
    const began = await thread.say('delegate hold son')
    await agentOf(thread)
    expect(await thread.running()).to.equal(null)
    const { turn } = await peer.submit(threadId, 'hold next')
    await thread.nextTurn()
    site.model.release('son')
    await agentOf(thread, ['idle', 'notLoaded'])
    expect(await thread.refusal()).to.deep.include({ errorName: 'busy' })
    site.model.release('next')
    expect(await peer.turnEnd(turn.id)).to.equal('completed')
    expect(thread.turns()).to.deep.equal(whole(first, began, turn.id))
  })

  it('does not keep a turn that waits for it from being interrupted', async () => {
    const { peer, threadId } = thread
    const { turn } = await peer.submit(threadId, 'await hold orphan')
    await agentOf(thread)
    await peer.call('turn/interrupt', { threadId, turnId: turn.id })
    expect(await peer.turnEnd(turn.id)).to.equal('interrupted')
    const next = await thread.say('say more')
    expect(thread.turns()).to.deep.equal(whole(first, turn.id, next))
    site.model.release('orphan')
  })

  it('asks those who follow the thread, and goes on with their answer, which is recorded', async () => {
    const { peer, threadId } = thread
    const { turn } = await peer.submit(threadId, 'await ask echo allowed')
    const { approvalId, ...asked } = await question(peer)
    expect([asked.threadId, asked.turnId]).to.deep.equal([threadId, turn.id])
    expect(asked.params.command).to.include('echo allowed')
    await peer.call('share/answer', { threadId, approvalId, result: { decision: 'accept' } })
    expect(await peer.turnEnd(turn.id)).to.equal('completed')
    const answered = peer.events.find(({ method }) => method === 'share/approvalAnswered')
    expect([answered?.turnId, answered?.by?.label, answered?.params.approvalId]).to.deep.equal([
      turn.id,
      'ada',
      approvalId,
    ])
    expect(peer.told.some(({ method }) => method === 'share/approvalResolved')).to.equal(true)
    expect(await waiting(thread)).to.deep.equal([])
  })

  it('has its question settled when a stock client answers it', async () => {
    const { peer, stock, threadId } = thread
    const { turn } = await peer.submit(threadId, 'await ask echo settled')
    await question(peer)
    const { id } = await stock.told('item/commandExecution/requestApproval')
    stock.send(JSON.stringify({ id, result: { decision: 'accept' } }))
    expect(await peer.turnEnd(turn.id)).to.equal('completed')
    const answered = peer.events.find(({ method }) => method === 'share/approvalAnswered')
    expect(answered?.by?.kind).to.equal('codex')
    expect(await waiting(thread)).to.deep.equal([])
  })

  it('is asked for by the next daemon as well', async () => {
    const { peer, threadId } = thread
    const { turn } = await peer.submit(threadId, 'await ask echo later')
    const before = await question(peer)
    daemon = await restartDaemon(site, daemon)
    thread.stock.close()
    thread = await openSharedThread(site, threadId)
    const asked = await question(thread.peer)
    expect(asked).to.deep.equal(before)
    await thread.peer.call('share/answer', { threadId, approvalId: asked.approvalId, result: { decision: 'accept' } })
    expect(await thread.peer.turnEnd(turn.id)).to.equal('completed')
    expect(thread.turns()).to.deep.equal(whole(first, turn.id))
  })
})
