/** What holds on `codex.sock`: one turn a thread, steering only one's own, authorship, and what is shared at all. */
import { join } from 'node:path'
import { expect } from 'chai'
import { connectStockPeer, type StockPeer, turnIdIn } from '../../support/peers/stock-peer.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describeSite('a stock client on codex.sock', {}, (site) => {
  const peers: StockPeer[] = []

  after(() => {
    for (const peer of peers) peer.close()
  })

  const connect = async (path?: string) => {
    const peer = await connectStockPeer(join(site.runtimeDir, 'codex.sock'), path)
    peers.push(peer)
    return peer
  }
  const completed = (peer: StockPeer, turnId: string) => peer.told('turn/completed', { turn: { id: turnId } })

  it('shares a thread with its first prompt, and its turns are in the ledger with their author', async () => {
    const [stock, script] = await Promise.all([connect(), site.connect({ label: 'script' })])
    const threadId = await stock.startThread()
    expect((await script.call('share/list', {})).threads).to.deep.equal([])
    const turnId = turnIdIn(await stock.prompt(threadId, 'hello', { clientUserMessageId: 'u-1' }))
    await completed(stock, turnId)
    await script.follow(threadId, 0)
    expect(await script.turnEnd(turnId)).to.equal('completed')
    const authors = script.events
      .filter(({ method, params }) => method === 'turn/started' || JSON.stringify(params).includes('"clientId":"u-1"'))
      .map(({ method, by }) => [method, by?.kind, by?.label.replace(/\d+$/, 'N')])
    expect(authors).to.deep.include(['turn/started', 'codex', 'codex-tui pN'])
    expect(authors).to.deep.include(['item/completed', 'codex', 'codex-tui pN'])
  })

  it('sees every event of a turn that a script posted, and the script those of its turns', async () => {
    const [stock, script] = await Promise.all([connect('/'), site.connect({ label: 'script' })])
    const threadId = await script.startThread()
    await script.follow(threadId)
    await stock.call('thread/resume', { threadId, excludeTurns: true })
    const { turn } = await script.submit(threadId, 'posted')
    await completed(stock, turn.id)
    await script.turnEnd(turn.id)
    const typed = turnIdIn(await stock.prompt(threadId, 'typed'))
    expect(await script.turnEnd(typed)).to.equal('completed')
    await completed(stock, typed)
    for (const turnId of [turn.id, typed]) {
      const ofTurn = (method: unknown, params: unknown) =>
        String(method).startsWith('item/') && JSON.stringify(params).includes(turnId)
      const seen = stock.frames.map((frame) => JSON.parse(frame)).filter(({ method, params }) => ofTurn(method, params))
      const recorded = script.events.filter(({ method, params }) => ofTurn(method, params))
      expect(seen.map(({ params }) => params)).to.deep.equal(recorded.map(({ params }) => params))
    }
  })

  it('is refused a second turn and somebody else’s steering, in the forms the UI understands, and may steer its own', async () => {
    const [stock, script] = await Promise.all([connect(), site.connect({ label: 'the script' })])
    const threadId = await script.startThread()
    await script.follow(threadId)
    await stock.call('thread/resume', { threadId, excludeTurns: true })
    const { turn } = await script.submit(threadId, 'hold steer')
    await stock.told('turn/started', { turn: { id: turn.id } })
    const input = [{ type: 'text', text: 'hold own', text_elements: [] }]
    const steered = await stock.call('turn/steer', { threadId, expectedTurnId: turn.id, input })
    expect(steered.error).to.deep.include({ code: -32600 })
    expect(steered).to.have.nested.property('error.data.codexErrorInfo.activeTurnNotSteerable.turnKind', 'review')
    const started = await stock.prompt(threadId, 'second')
    expect(started)
      .to.have.nested.property('error.message')
      .that.matches(/^a turn has been running since .* by the script$/)
    expect(started).to.not.have.nested.property('error.data')
    site.model.release('steer')
    await Promise.all([completed(stock, turn.id), script.turnEnd(turn.id)])

    const own = turnIdIn(await stock.prompt(threadId, 'hold own'))
    await stock.told('item/agentMessage/delta', { turnId: own })
    expect(await stock.call('turn/steer', { threadId, expectedTurnId: own, input })).to.have.property('result')
    const busy = await script.submit(threadId, 'third').catch((error: unknown) => error)
    expect(busy).to.deep.include({ errorName: 'busy' })
    await stock.call('turn/interrupt', { threadId, turnId: own })
    expect(await script.turnEnd(own)).to.equal('interrupted')
    const end = script.events.find(({ method, turnId }) => method === 'turn/completed' && turnId === own)
    expect(end?.by?.kind).to.equal('codex')
    site.model.release('own')
    const prompts = script.events.filter(
      ({ turnId, method, params }) =>
        turnId === own && method === 'item/completed' && JSON.stringify(params).includes('"userMessage"'),
    )
    expect(prompts.map(({ by }) => by?.kind)).to.deep.equal(['codex', 'codex'])
  })

  it('races a script for the slot: one turn, and the other is told who was first', async () => {
    const [stock, script] = await Promise.all([connect(), site.connect({ label: 'racer' })])
    const threadId = await script.startThread()
    await stock.call('thread/resume', { threadId, excludeTurns: true })
    await script.follow(threadId)
    for (let round = 0; round < 10; round += 1) {
      const outcomes = await Promise.all([
        script.submit(threadId, `script ${round}`).then(
          ({ turn }) => turn.id,
          () => undefined,
        ),
        stock.prompt(threadId, `stock ${round}`).then((reply) => ('result' in reply ? turnIdIn(reply) : undefined)),
      ])
      const winners = outcomes.filter((turnId) => turnId !== undefined)
      expect(winners).to.have.lengthOf(1)
      await script.turnEnd(String(winners[0]))
    }
    const prompts = script.events.filter(
      ({ method, params }) => method === 'item/completed' && JSON.stringify(params).includes('"type":"userMessage"'),
    )
    expect(prompts).to.have.lengthOf(10)
  })

  it('keeps its helper threads to itself', async () => {
    const [stock, script] = await Promise.all([connect(), site.connect()])
    const helper = await stock.startThread({ ephemeral: true })
    await completed(stock, turnIdIn(await stock.prompt(helper, 'name this')))
    const { threads } = await script.call('share/list', {})
    expect(JSON.stringify(threads)).to.not.include(helper)
  })

  it('is present in the threads it has open, and its coming and going is told', async () => {
    const [stock, script] = await Promise.all([connect(), site.connect({ label: 'watcher' })])
    const threadId = await script.startThread()
    await script.follow(threadId)
    await stock.call('thread/resume', { threadId, excludeTurns: true })
    const who = async () => {
      const { peers: all } = await script.call('share/who', { threadId })
      return Array.isArray(all) ? all.map(({ kind }) => kind) : []
    }
    expect(await who()).to.deep.equal(['script', 'codex'])
    stock.close()
    await eventually('it has left', async () => (await who()).length === 1)
    const changes = () =>
      script.told
        .filter(({ method }) => method === 'share/peer')
        .map(({ params }) => JSON.stringify(params).match(/"change":"(\w+)"/)?.[1])
    await eventually('its leaving is told', () => changes().length > 1)
    expect(changes()).to.deep.equal(['joined', 'left'])
  })

  it('starts a thread in its own folder, which the UI tells only in passing', async () => {
    const stock = await connect()
    await stock.call('hooks/list', { cwds: [site.dir], threadId: null })
    const { result } = await stock.call('thread/start', { cwd: null })
    expect(result).to.have.nested.property('thread.cwd', site.dir)
  })

  it('is sent away from any other path, and gets no answer that is no WebSocket', async () => {
    const refused = await connectStockPeer(join(site.runtimeDir, 'codex.sock'), '/other').catch(String)
    expect(refused).to.include('404')
  })
})
