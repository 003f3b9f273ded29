/** A compaction of a shared thread: a turn like any other, although nobody prompts for it and the reply names no turn. */
import type { ChildProcess } from 'node:child_process'
import { expect } from 'chai'
import { openSharedThread, restartDaemon, type SharedThread, whole } from '../../support/samples/shared-thread.ts'
import { makeSite, scriptByWords, type TestSite } from '../../support/sites/daemon-process.ts'

describe('a compaction of a shared thread', function () {
  this.timeout(60_000)
  let site: TestSite
  let daemon: ChildProcess
  let thread: SharedThread
  /** The gate at which the next summary waits. */
  let gate: string | undefined

  before(async () => {
    site = await makeSite({
      script: (turn) => {
        if (!turn.prompt.includes('COMPACTION')) return scriptByWords(turn)
        return [...(gate === undefined ? [] : [{ hold: gate }]), { say: 'Greetings were exchanged.' }]
      },
    })
    daemon = await site.startDaemon()
  })

  beforeEach(async () => {
    gate = undefined
    thread = await openSharedThread(site)
  })

  afterEach(() => thread.stock.close())
  after(() => site.close())

  const compact = ({ threadId, peer }: SharedThread) => peer.call('thread/compact/start', { threadId })
  const firstTurn = () => String(thread.turns()[0]?.split(' ')[1])

  it('holds the slot while it runs, and frees it at its end', async () => {
    gate = 'the end'
    await compact(thread)
    const turnId = await thread.nextTurn()
    expect(await thread.running()).to.deep.equal({ turnId, by: 'ada' })
    expect(await thread.refusal()).to.deep.include({ errorName: 'busy' })
    site.model.release('the end')
    expect(await thread.peer.turnEnd(turnId)).to.equal('completed')
    const next = await thread.say('say more')
    expect(thread.turns()).to.deep.equal(whole(firstTurn(), turnId, next))
    const items = thread.peer.events.filter((event) => event.turnId === turnId && event.method.startsWith('item/'))
    expect(items.map(({ method }) => method)).to.deep.equal(['item/started', 'item/completed'])
  })

  it('is ended by an interruption, which says by whom', async () => {
    gate = 'for ever'
    const { peer, threadId } = thread
    await compact(thread)
    const turnId = await thread.nextTurn()
    await peer.call('turn/interrupt', { threadId, turnId })
    expect(await peer.turnEnd(turnId)).to.equal('interrupted')
    expect(peer.events.findLast(({ method }) => method === 'turn/completed')?.by).to.include({ label: 'ada' })
    expect(await thread.running()).to.equal(null)
    const next = await thread.say('say more')
    expect(thread.turns()).to.deep.equal(whole(firstTurn(), turnId, next))
  })

  it('holds the slot of the next daemon as well, and is told once', async () => {
    gate = 'the next'
    await compact(thread)
    const turnId = await thread.nextTurn()
    daemon = await restartDaemon(site, daemon)
    thread.stock.close()
    thread = await openSharedThread(site, thread.threadId)
    expect(await thread.running()).to.deep.equal({ turnId, by: 'ada' })
    expect(await thread.refusal()).to.deep.include({ errorName: 'busy' })
    site.model.release('the next')
    expect(await thread.peer.turnEnd(turnId)).to.equal('completed')
    expect(thread.turns()).to.deep.equal(whole(firstTurn(), turnId))
  })

  it('is the same when a stock client asks for it, which is refused while somebody’s turn runs', async () => {
    const { stock, threadId, peer } = thread
    const { turn } = await peer.submit(threadId, 'hold floor')
    const { error } = await stock.call('thread/compact/start', { threadId })
    expect(error).to.deep.include({ code: -32600 })
    site.model.release('floor')
    expect(await peer.turnEnd(turn.id)).to.equal('completed')
    gate = 'the stock'
    expect(await stock.call('thread/compact/start', { threadId })).to.deep.include({ result: {} })
    const turnId = await thread.nextTurn(turn.id)
    expect(await thread.refusal()).to.deep.include({ errorName: 'busy' })
    site.model.release('the stock')
    expect(await peer.turnEnd(turnId)).to.equal('completed')
    await thread.untilIdle()
    expect(thread.turns()).to.deep.equal(whole(firstTurn(), turn.id, turnId))
  })
})
