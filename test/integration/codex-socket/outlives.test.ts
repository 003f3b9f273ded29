/** Stock clients over the death of their app-server, slow ones, and approvals on both sockets. */
import { join } from 'node:path'
import { expect } from 'chai'
import * as v from 'valibot'
import { connectStockPeer, type StockPeer, turnIdIn } from '../../support/peers/stock-peer.ts'
import { killGroup } from '../../support/sites/daemon-process.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describeSite('on codex.sock', { approvalPolicy: 'on-request', settings: { limits: { ownLinks: 1 } } }, (site) => {
  const peers: StockPeer[] = []

  after(() => {
    for (const peer of peers) peer.close()
  })

  const connect = async () => {
    const peer = await connectStockPeer(join(site.runtimeDir, 'codex.sock'))
    peers.push(peer)
    return peer
  }

  it('a client outlives its app-server: the lost turn is interrupted for it, and its next prompt runs', async () => {
    const [stock, idle, script] = await Promise.all([connect(), connect(), site.connect({ label: 'script' })])
    const threadId = await stock.startThread()
    const first = turnIdIn(await stock.prompt(threadId, 'hello'))
    await stock.told('turn/completed', { turn: { id: first } })
    await script.follow(threadId, 0)
    // The daemon has it from a link of its own, and takes the next prompt only then.
    await script.turnEnd(first)
    const lost = turnIdIn(await stock.prompt(threadId, 'hold for-ever'))
    await stock.told('item/agentMessage/delta', { turnId: lost })
    killGroup(await site.appServerPid())
    const meanwhile = stock.call('thread/read', { threadId })
    await stock.told('turn/completed', { turn: { id: lost, status: 'interrupted' } })
    await stock.told('thread/status/changed', { threadId, status: { type: 'idle' } })
    const reply = await meanwhile
    // Either it was on its way, which invites a retry, or it waited for the new app-server.
    if ('error' in reply) expect(reply.error).to.deep.include({ code: -32001 })
    expect(await script.turnEnd(lost)).to.equal('failed')
    const next = turnIdIn(await stock.prompt(threadId, 'and now?'))
    await stock.told('turn/completed', { turn: { id: next, status: 'completed' } })
    expect(await script.turnEnd(next)).to.equal('completed')
    expect(await idle.call('thread/read', { threadId })).to.have.property('result')
    expect([stock.closed, idle.closed]).to.deep.equal([false, false])
    const initialized = stock.frames.filter((frame) => frame.includes('"userAgent"'))
    expect(initialized).to.have.lengthOf(1)
  })

  it('a prompt that waits for admission when its app-server dies runs in the next one', async () => {
    const [first, stock, script] = await Promise.all([connect(), connect(), site.connect({ label: 'script' })])
    const threadId = await first.startThread()
    // It is stored from now on, and not shared before the prompt.
    await first.call('thread/name/set', { threadId, name: 'waits' })
    await stock.call('thread/resume', { threadId, excludeTurns: true })
    const pid = await site.appServerPid()
    process.kill(pid, 'SIGSTOP')
    const prompted = stock.prompt(threadId, 'not refused')
    const asked = stock.call('thread/read', { threadId })
    // The daemon has it, and asks Codex for the thread.
    await script.call('share/list', {})
    killGroup(pid)
    const turnId = turnIdIn(await prompted)
    await stock.told('turn/completed', { turn: { id: turnId, status: 'completed' } })
    expect(await asked).to.have.property('result')
    await script.follow(threadId, 0)
    expect(await script.turnEnd(turnId)).to.equal('completed')
  })

  it('clients that have a thread in common outlive it alike, and go on with the same frames', async () => {
    const [one, two, script] = await Promise.all([connect(), connect(), site.connect({ label: 'script' })])
    const threadId = await script.startThread()
    await script.follow(threadId)
    for (const peer of [one, two]) await peer.call('thread/resume', { threadId, excludeTurns: true })
    const bothTold = (method: string, members: object) =>
      Promise.all([one, two].map((peer) => peer.told(method, members)))
    const run = async (prompt: string) => {
      const { turn } = await script.submit(threadId, prompt)
      await script.turnEnd(turn.id)
      await bothTold('turn/completed', { turn: { id: turn.id } })
      return turn.id
    }
    // With the second turn at the latest, Codex tells both at once.
    await run('first')
    await run('second')
    const lost = (await script.submit(threadId, 'hold for-ever')).turn.id
    await bothTold('item/agentMessage/delta', { turnId: lost })
    killGroup(await site.appServerPid())
    await bothTold('turn/completed', { turn: { id: lost, status: 'interrupted' } })
    expect(await script.turnEnd(lost)).to.equal('failed')
    for (const prompt of ['deltas 20', 'deltas 30']) {
      const turnId = await run(prompt)
      const [ofOne, ofTwo] = [one, two].map(({ frames }) => frames.filter((frame) => frame.includes(turnId)))
      expect(ofOne).to.deep.equal(ofTwo)
      expect(ofOne).to.have.lengthOf.above(20)
    }
    expect([one.closed, two.closed]).to.deep.equal([false, false])
  })

  it('an approval is told on both sockets; whoever answers first is named, and the other answer goes nowhere', async () => {
    const [stock, other, script] = await Promise.all([
      connect(),
      connect(),
      site.connect({ label: 'approver', answers: true }),
    ])
    const threadId = await script.startThread()
    await script.follow(threadId)
    await Promise.all([stock, other].map((peer) => peer.call('thread/resume', { threadId, excludeTurns: true })))
    const asking = async (command: string) => {
      const { turn } = await script.submit(threadId, `ask ${command}`)
      const [first, second] = await Promise.all(
        [stock, other].map((peer) => peer.told('item/commandExecution/requestApproval', { turnId: turn.id })),
      )
      expect(first).to.deep.equal(second)
      const { params } = await eventually('the script is asked', () =>
        script.told.find(
          ({ method, params }) => method === 'share/approval' && JSON.stringify(params).includes(turn.id),
        ),
      )
      const { approvalId } = v.parse(v.object({ approvalId: v.string() }), params)
      return { turnId: turn.id, requestId: first?.id, approvalId }
    }
    const resolvedBy = (turnId: string) => {
      const events = script.events.filter((event) => event.method === 'serverRequest/resolved')
      return [
        events.at(-1)?.by?.label,
        script.events.some((event) => event.method === 'turn/completed' && event.turnId === turnId),
      ]
    }

    const one = await asking('echo one')
    stock.send(JSON.stringify({ id: one.requestId, result: { decision: 'accept' } }))
    await other.told('serverRequest/resolved', { threadId, requestId: one.requestId })
    expect(await script.turnEnd(one.turnId)).to.equal('completed')
    expect(resolvedBy(one.turnId)[0]).to.match(/^codex-tui p\d+$/)
    const late = { threadId, approvalId: one.approvalId, result: { decision: 'decline' } }
    const refused = await script.call('share/answer', late).catch((error: unknown) => error)
    expect(refused).to.deep.include({ errorName: 'conflict' })

    const two = await asking('echo two')
    await script.call('share/answer', { threadId, approvalId: two.approvalId, result: { decision: 'accept' } })
    stock.send(JSON.stringify({ id: two.requestId, result: { decision: 'cancel' } }))
    expect(await script.turnEnd(two.turnId)).to.equal('completed')
    expect(resolvedBy(two.turnId)[0]).to.equal('approver')
    await Promise.all([stock, other].map((peer) => peer.told('serverRequest/resolved', { requestId: two.requestId })))
  })

  it('a client that cannot show a question does not answer it for those who can', async () => {
    const [stock, script] = await Promise.all([connect(), site.connect({ label: 'approver', answers: true })])
    const threadId = await script.startThread()
    await script.follow(threadId)
    await stock.call('thread/resume', { threadId, excludeTurns: true })
    const { turn } = await script.submit(threadId, 'ask echo three')
    const { id } = await stock.told('item/commandExecution/requestApproval', { turnId: turn.id })
    stock.send(JSON.stringify({ id, error: { code: -32601, message: 'not supported' } }))
    const [approval] = await eventually('the daemon has been asked, too', async () => {
      const { approvals } = await script.call('share/approvals', { threadId })
      return v.is(v.tuple([v.object({ approvalId: v.string() })]), approvals) && approvals
    })
    await script.call('share/answer', { threadId, ...approval, result: { decision: 'accept' } })
    expect(await script.turnEnd(turn.id)).to.equal('completed')
    expect(JSON.stringify(script.events)).to.include('three')
  })

  it('a client that does not read delays nobody, and gets all of it later or is told to come again', async () => {
    const [deaf, other, script] = await Promise.all([connect(), connect(), site.connect({ label: 'script' })])
    const threadId = await script.startThread()
    await script.follow(threadId)
    for (const peer of [deaf, other]) await peer.call('thread/resume', { threadId, excludeTurns: true })
    const before = (await script.submit(threadId, 'hello')).turn.id
    for (const peer of [deaf, other]) await peer.told('turn/completed', { turn: { id: before } })
    await script.turnEnd(before)
    deaf.ws.pause()
    const { turn } = await script.submit(threadId, 'deltas 5000 1000')
    expect(await script.turnEnd(turn.id)).to.equal('completed')
    await other.told('turn/completed', { turn: { id: turn.id } })
    const deltas = other.frames.filter((frame) => frame.startsWith('{"method":"item/agentMessage/delta"'))
    const text = deltas.map((frame) => JSON.parse(frame).params).filter(({ turnId }) => turnId === turn.id)
    expect(text.map(({ delta }) => delta).join('')).to.have.lengthOf(5000 * 1000)
    deaf.ws.resume()
    await eventually(
      'it has all of it, or is told to come again',
      () => deaf.closed || deaf.has('turn/completed', { turn: { id: turn.id } }),
    )
  })
})
