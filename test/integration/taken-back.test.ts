/** A thread that somebody takes back to an earlier point, and copies of a thread: each with its own conversation, told once. */
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import * as v from 'valibot'
import { endProcess, makeSite, type TestSite } from '../support/daemon-process.ts'
import { eventually } from '../support/eventually.ts'
import { connectStockPeer, type StockPeer, turnIdIn } from '../support/stock-peer.ts'
import type { TestPeer } from '../support/test-peer.ts'

const opened = v.object({ thread: v.object({ id: v.string() }) })

describe('a conversation that is taken back or copied', function () {
  this.timeout(60_000)
  let site: TestSite
  let daemon: ChildProcess
  let peer: TestPeer
  let stock: StockPeer
  let threadId: string
  let turnIds: string[]

  beforeEach(async () => {
    site = await makeSite()
    daemon = await site.startDaemon()
    peer = await site.connect()
    threadId = await peer.startThread()
    await peer.follow(threadId, 0)
    turnIds = []
    for (const text of ['say one', 'say two', 'say three']) turnIds.push(await post(threadId, text))
    stock = await connectStockPeer(join(site.runtimeDir, 'codex.sock'))
    await stock.call('thread/resume', { threadId, excludeTurns: true })
  })

  afterEach(async () => {
    stock.close()
    await site.close()
  })

  /** Posts a prompt, and waits until it is answered. */
  async function post(thread: string, text: string): Promise<string> {
    const { turn } = await peer.submit(thread, text)
    expect(await peer.turnEnd(turn.id)).to.equal('completed')
    return turn.id
  }

  const idsOf = (method: string, thread = threadId) =>
    peer.events.filter((event) => event.method === method && event.threadId === thread).map(({ turnId }) => turnId)
  const isTold = (method: string) => eventually(`${method} is told`, () => idsOf(method).length > 0)

  /** All that is in the ledger of a thread, read by a peer that comes anew. */
  async function recorded(thread: string): Promise<{ prompts: string[]; starts: unknown[]; ends: unknown[] }> {
    const reader = await site.connect()
    const { events } = v.parse(
      v.object({
        events: v.array(v.looseObject({ method: v.string(), turnId: v.nullable(v.string()), params: v.any() })),
      }),
      await reader.call('share/events', { threadId: thread, after: 0 }),
    )
    reader.close()
    const of = (method: string) => events.filter((event) => event.method === method)
    return {
      prompts: of('item/completed').flatMap(({ params: { item } }) =>
        item.type === 'userMessage' ? [item.content[0].text] : [],
      ),
      starts: of('turn/started').map(({ turnId }) => turnId),
      ends: of('turn/completed').map(({ turnId }) => turnId),
    }
  }

  it('says so where it is taken back, and keeps what was said; the next daemon neither loses nor doubles anything', async () => {
    await stock.call('thread/revert', { threadId, beforeTurnId: turnIds[1] })
    await isTold('thread/reverted')
    const next = await post(threadId, 'say instead')
    const whole = [...turnIds, next]
    const all = { prompts: ['say one', 'say two', 'say three', 'say instead'], starts: whole, ends: whole }
    expect(await recorded(threadId)).to.deep.equal(all)
    await site.startDaemon({ CODEX_SHARE_TAKEOVER: '1' })
    peer = await site.connect()
    await peer.follow(threadId, 0)
    const last = await post(threadId, 'say last')
    const expected = { prompts: [...all.prompts, 'say last'], starts: [...whole, last], ends: [...whole, last] }
    expect(await recorded(threadId)).to.deep.equal(expected)
  })

  it('ends the turn that runs where it is taken back to before that, and the thread is free', async () => {
    const { turn } = await peer.submit(threadId, 'hold it')
    await eventually('it runs', () => idsOf('turn/started').includes(turn.id))
    await stock.call('thread/revert', { threadId, beforeTurnId: turn.id })
    expect(await peer.turnEnd(turn.id)).to.equal('interrupted')
    await isTold('thread/reverted')
    await post(threadId, 'say four')
    expect(idsOf('turn/started')).to.deep.equal(idsOf('turn/completed'))
  })

  it('is caught up with where it was taken back while no daemon was there', async () => {
    await endProcess(daemon)
    const past = await connectStockPeer(join(site.runtimeDir, 'app-server.sock'))
    await past.call('thread/resume', { threadId, excludeTurns: true })
    await past.call('thread/revert', { threadId, beforeTurnId: turnIds[1] })
    const unheard = turnIdIn(await past.prompt(threadId, 'say unheard'))
    await past.told('turn/completed', { turn: { id: unheard } })
    past.close()
    await site.startDaemon()
    peer = await site.connect()
    await peer.follow(threadId, 0)
    const last = await post(threadId, 'say last')
    const { prompts, starts, ends } = await recorded(threadId)
    expect(prompts).to.deep.equal(['say one', 'say two', 'say three', 'say unheard', 'say last'])
    expect([starts, ends]).to.deep.equal([
      [...turnIds, unheard, last],
      [...turnIds, unheard, last],
    ])
  })

  for (const over of ['codex.sock', 'daemon.sock'] as const) {
    it(`has a copy over ${over} whose turns are its own, with the history before`, async () => {
      const answer = over === 'codex.sock' ? (await stock.call('thread/fork', { threadId })).result : undefined
      const copy = v.parse(opened, answer ?? (await peer.call('thread/fork', { threadId }))).thread.id
      const first =
        over === 'codex.sock'
          ? turnIdIn(await stock.prompt(copy, 'hold it'))
          : (await peer.submit(copy, 'hold it')).turn.id
      await eventually('the copy is shared', async () =>
        ((await peer.call('share/list', {})).threads as { threadId: string }[]).some((one) => one.threadId === copy),
      )
      await peer.follow(copy, 0)
      const busy: unknown = await peer.submit(copy, 'meanwhile').catch((error: unknown) => error)
      expect(busy).to.deep.include({ errorName: 'busy' })
      await post(threadId, 'say beside')
      site.model.release('it')
      expect(await peer.turnEnd(first)).to.equal('completed')
      const second = await post(copy, 'say more')
      const own = [...turnIds, first, second]
      const prompts = ['say one', 'say two', 'say three', 'hold it', 'say more']
      expect(await recorded(copy)).to.deep.equal({ prompts, starts: own, ends: own })
      expect((await recorded(threadId)).prompts).to.deep.equal(['say one', 'say two', 'say three', 'say beside'])
    })
  }
})
