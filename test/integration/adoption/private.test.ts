/** A plain `codex` that comes through the daemon: private until somebody shares its thread, and then a peer like any other. */
import { expect } from 'chai'
import * as v from 'valibot'
import { controlSocketPath } from '../../../src/platform/places/codex-home.ts'
import type { ShareEvent } from '../../../src/protocol/events.ts'
import { connectStockPeer, type StockPeer, turnIdIn } from '../../support/peers/stock-peer.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const statusSchema = v.looseObject({ adoption: v.looseObject({ state: v.string() }) })

describeSite(
  'a session that came to where plain codex looks',
  { settings: { adopt: true }, approvalPolicy: 'on-request' },
  (site) => {
    const stocks: StockPeer[] = []
    let script: TestPeer

    before(async () => {
      script = await site.connect({ label: 'ci', answers: true })
      await eventually('it is adopted', async () => {
        const { adoption } = v.parse(statusSchema, await script.call('share/status', {}))
        return adoption.state === 'listening'
      })
    })

    after(() => {
      for (const peer of stocks) peer.close()
    })

    const connect = async () => {
      const peer = await connectStockPeer(controlSocketPath(site.codexHome))
      stocks.push(peer)
      return peer
    }
    const completed = (peer: StockPeer, turnId: string) => peer.told('turn/completed', { turn: { id: turnId } })
    const events = () =>
      script
        .call('share/status', {})
        .then(({ ledger }) => v.parse(v.looseObject({ events: v.number() }), ledger).events)
    const unshared = async () =>
      v.parse(
        v.array(
          v.looseObject({
            threadId: v.string(),
            running: v.boolean(),
            openIn: v.array(v.object({ label: v.string(), pid: v.nullable(v.number()) })),
          }),
        ),
        (await script.call('share/list', { all: true })).unshared,
      )
    const isShared = async (threadId: string) =>
      v
        .parse(v.array(v.looseObject({ threadId: v.string() })), (await script.call('share/list', {})).threads)
        .some((thread) => thread.threadId === threadId)
    /** Who said what, in order, by the turn. */
    const said = (threadId: string) =>
      script.events.flatMap((event) => {
        const text = event.threadId === threadId ? promptIn(event) : undefined
        return text === undefined ? [] : [[event.by?.label.replace(/ p\d+$/, ''), text, event.turnId]]
      })

    it('is not recorded, and is on the list of what is open and not shared', async () => {
      const before = await events()
      const stock = await connect()
      const threadId = await stock.startThread()
      expect(await unshared()).to.deep.include.members([
        {
          threadId,
          name: null,
          cwd: process.cwd(),
          preview: null,
          running: false,
          openIn: [{ label: (await unshared())[0]?.openIn[0]?.label, pid: process.pid }],
        },
      ])
      await completed(stock, turnIdIn(await stock.prompt(threadId, 'between us')))
      expect([await events(), await isShared(threadId)]).to.deep.equal([before, false])
      const read = await script
        .call('share/resolve', { thread: threadId, stopped: true })
        .catch((error: unknown) => error)
      expect(read).to.include({ errorName: 'notFound' })
      expect(await isShared(threadId)).to.equal(false)
      stock.close()
      await eventually('it is closed', async () => (await unshared()).every((thread) => thread.threadId !== threadId))
    })

    it('has what was said before in the ledger once it is shared, with its author, and is present', async () => {
      const stock = await connect()
      const threadId = await stock.startThread()
      await completed(stock, turnIdIn(await stock.prompt(threadId, 'said before')))
      await script.call('share/open', { threadId })
      await script.follow(threadId, 0)
      const { turn } = await script.submit(threadId, 'posted')
      await completed(stock, turn.id)
      await completed(stock, turnIdIn(await stock.prompt(threadId, 'said after')))
      await eventually('all is recorded', () => said(threadId).length === 3)
      expect(said(threadId).map(([by, text]) => [by, text])).to.deep.equal([
        ['codex-tui', 'said before'],
        ['ci', 'posted'],
        ['codex-tui', 'said after'],
      ])
      const { peers } = await script.call('share/who', { threadId })
      expect(v.parse(v.array(v.looseObject({ kind: v.string() })), peers).map(({ kind }) => kind)).to.include('codex')
    })

    it('is shared by a post in which nothing was said before: it gets a name', async () => {
      const stock = await connect()
      const threadId = await stock.startThread()
      const { turn } = await script.submit(threadId, 'the first word')
      await completed(stock, turn.id)
      const { threads } = await script.call('share/list', {})
      const found = v.parse(v.array(v.looseObject({ threadId: v.string(), name: v.nullable(v.string()) })), threads)
      expect(found.find((thread) => thread.threadId === threadId)?.name).to.match(/^[\w-]+-\w{4}$/)
      await completed(stock, turnIdIn(await stock.prompt(threadId, 'the second')))
    })

    it('keeps its running turn when it is shared: a post is busy with its author, and what it asks is answered by others', async () => {
      const stock = await connect()
      const threadId = await stock.startThread()
      const turnId = turnIdIn(await stock.prompt(threadId, 'ask echo private'))
      await stock.told('item/commandExecution/requestApproval')
      const busy = await script.submit(threadId, 'too early').catch((error: unknown) => error)
      expect(busy).to.deep.include({ errorName: 'busy' })
      expect(busy).to.have.nested.property('facts.turnId', turnId)
      expect(busy).to.have.nested.property('facts.by.kind', 'codex')
      const { approvals } = await script.call('share/approvals', { threadId })
      const [approval] = v.parse(v.array(v.looseObject({ approvalId: v.string() })), approvals)
      await script.call('share/answer', { threadId, approvalId: approval?.approvalId, result: { decision: 'accept' } })
      await completed(stock, turnId)
    })

    it('is private again when sharing is stopped', async () => {
      const stock = await connect()
      const threadId = await stock.startThread()
      const { turn } = await script.submit(threadId, 'shared')
      await completed(stock, turn.id)
      await eventually('it is idle', () => script.call('share/close', { threadId }).catch(() => undefined))
      const before = await events()
      await completed(stock, turnIdIn(await stock.prompt(threadId, 'private')))
      expect([await events(), await isShared(threadId)]).to.deep.equal([before, false])
      expect((await unshared()).some((thread) => thread.threadId === threadId)).to.equal(true)
    })

    it('is never merged with a post that comes at the same moment, in a new thread or an old one', async () => {
      for (let race = 0; race < 12; race += 1) {
        const stock = await connect()
        const threadId = await stock.startThread()
        const isNew = race % 2 === 0
        if (!isNew) await completed(stock, turnIdIn(await stock.prompt(threadId, 'before')))
        const posting = later((race * 7) % 30, () => postWhenIdle(script, threadId, 'posted'))
        const typing = later((race * 11) % 30, () => typeWhenIdle(stock, threadId, 'typed'))
        const turnIds = await Promise.all([posting, typing])
        await script.follow(threadId, 0)
        for (const turnId of turnIds) await script.turnEnd(turnId)
        const told = said(threadId).slice(isNew ? 0 : 1)
        expect(told.map(([by, text, turnId]) => `${by} ${text} ${turnId}`).sort(), `race ${race}`).to.deep.equal(
          [`ci posted ${turnIds[0]}`, `codex-tui typed ${turnIds[1]}`].sort(),
        )
        stock.close()
      }
    })
  },
)

describeSite(
  'a session of a plain codex, where all are to be shared',
  { settings: { adopt: true, adoptShares: 'all' } },
  (site) => {
    it('is recorded from its first prompt', async () => {
      const script = await site.connect({ label: 'ci' })
      const path = controlSocketPath(site.codexHome)
      const stock = await eventually('it is adopted', () => connectStockPeer(path).catch(() => undefined))
      const threadId = await stock.startThread()
      const turnId = turnIdIn(await stock.prompt(threadId, 'for all'))
      await script.follow(threadId, 0)
      expect(await script.turnEnd(turnId)).to.equal('completed')
      stock.close()
    })
  },
)

function later<T>(ms: number, work: () => Promise<T>): Promise<T> {
  return new Promise<void>((resolve) => setTimeout(resolve, ms)).then(work)
}

/** As `post --if-busy wait` does. */
function postWhenIdle(script: TestPeer, threadId: string, text: string): Promise<string> {
  return eventually('the post is taken', async () => {
    const submitted = await script.submit(threadId, text).catch((error: unknown) => error)
    if (submitted instanceof Error && Reflect.get(submitted, 'errorName') !== 'busy') throw submitted
    return submitted instanceof Error
      ? undefined
      : v.parse(v.object({ turn: v.looseObject({ id: v.string() }) }), submitted).turn.id
  })
}

function typeWhenIdle(stock: StockPeer, threadId: string, text: string): Promise<string> {
  return eventually('what was typed is taken', async () => {
    const reply = await stock.prompt(threadId, text)
    return reply.error ? undefined : turnIdIn(reply)
  })
}

function promptIn({ method, params }: ShareEvent): string | undefined {
  const parsed = v.safeParse(promptSchema, params)
  return method === 'item/completed' && parsed.success ? parsed.output.item.content[0]?.text : undefined
}

const promptSchema = v.looseObject({
  item: v.looseObject({ type: v.literal('userMessage'), content: v.array(v.looseObject({ text: v.string() })) }),
})
