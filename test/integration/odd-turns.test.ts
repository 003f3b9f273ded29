/** Turns that are no prompts, by stock clients on the real app-server: each is a turn like any other for the slot, the ledger and the others. */
import { join } from 'node:path'
import { expect } from 'chai'
import { makeSite, type TestSite } from '../support/daemon-process.ts'
import { eventually } from '../support/eventually.ts'
import { connectStockPeer, type StockPeer } from '../support/stock-peer.ts'
import type { TestPeer } from '../support/test-peer.ts'

describe('a turn that is no prompt', function () {
  this.timeout(60_000)
  let site: TestSite
  let peer: TestPeer
  let stock: StockPeer
  let threadId: string
  /** The head of the thread before the turn. */
  let from: number

  before(async () => {
    site = await makeSite()
    await site.startDaemon()
    peer = await site.connect()
    threadId = await peer.startThread()
    await peer.follow(threadId, 0)
    await peer.turnEnd((await peer.submit(threadId, 'say one')).turn.id)
    stock = await connectStockPeer(join(site.runtimeDir, 'codex.sock'))
    await stock.call('thread/resume', { threadId, excludeTurns: true })
  })

  after(async () => {
    stock.close()
    await site.close()
  })

  beforeEach(() => {
    from = peer.events.length
  })

  const news = () => peer.events.slice(from)
  const idsOf = (method: string) => news().flatMap((event) => (event.method === method ? [event.turnId] : []))
  /** The turn that has begun, by its event. */
  const begun = () => eventually('a turn begins', () => idsOf('turn/started').at(-1))
  const active = async () => {
    const { threads } = await peer.call('share/list', {})
    return (threads as { threadId: string; turn: { turnId: string } | null }[]).find((one) => one.threadId === threadId)
  }

  /** What every turn does: holds the slot while it runs, is ended by `interrupt`, and is begun and ended once in the ledger. */
  async function isInterrupted(turnId: string): Promise<void> {
    expect((await active())?.turn?.turnId).to.equal(turnId)
    const busy: unknown = await peer.submit(threadId, 'meanwhile').catch((error: unknown) => error)
    expect(busy).to.deep.include({ errorName: 'busy' })
    await peer.call('turn/interrupt', { threadId, turnId })
    expect(await peer.turnEnd(turnId)).to.equal('interrupted')
    await isOver(turnId)
  }

  async function isOver(turnId: string): Promise<void> {
    await eventually('the slot is free', async () => (await active())?.turn === null)
    expect([idsOf('turn/started'), idsOf('turn/completed')]).to.deep.equal([[turnId], [turnId]])
    const items = news().filter(({ method }) => method.startsWith('item/'))
    expect(new Set(items.map((event) => event.turnId))).to.deep.equal(new Set([turnId]))
  }

  for (const asks of ['a stock client', 'a peer'] as const) {
    it(`is a compaction that ${asks} asks for`, async () => {
      const { call } = asks === 'a peer' ? peer : stock
      await call('thread/compact/start', { threadId })
      const turnId = String(await begun())
      expect(await peer.turnEnd(turnId)).to.equal('completed')
      await isOver(turnId)
      const kinds = news().map(({ params }) => (params as { item?: { type: string } }).item?.type)
      expect(kinds).to.include('contextCompaction')
    })
  }

  it('is a command that a person runs in the stock UI', async () => {
    await stock.call('thread/shellCommand', { threadId, command: 'echo out' })
    const turnId = String(await begun())
    expect(await peer.turnEnd(turnId)).to.equal('completed')
    await isOver(turnId)
    const [command] = news().flatMap(({ method, params }) =>
      method === 'item/completed' ? [(params as { item: Record<string, unknown> }).item] : [],
    )
    expect(command).to.include({ type: 'commandExecution', source: 'userShell', aggregatedOutput: 'out\n' })
  })

  it('holds the slot as such a command, until it is interrupted', async () => {
    await stock.call('thread/shellCommand', { threadId, command: 'sleep 50' })
    await isInterrupted(String(await begun()))
    await peer.turnEnd((await peer.submit(threadId, 'say two')).turn.id)
  })

  it('is none of its own as a command beside a turn: it is part of that one', async () => {
    const { turn } = await peer.submit(threadId, 'hold beside')
    await begun()
    await stock.call('thread/shellCommand', { threadId, command: 'echo beside' })
    await eventually('it has run', () =>
      news().some(({ method, params }) => method === 'item/completed' && JSON.stringify(params).includes('userShell')),
    )
    expect((await active())?.turn?.turnId).to.equal(turn.id)
    site.model.release('beside')
    expect(await peer.turnEnd(turn.id)).to.equal('completed')
    await isOver(turn.id)
  })
})
