/** A fork of a shared thread: a thread of its own, which leaves the one it came from as it is and is shared once somebody speaks in it. */
import { expect } from 'chai'
import * as v from 'valibot'
import { type Message, turnIdIn } from '../../support/peers/stock-peer.ts'
import { openSharedThread, type SharedThread, whole } from '../../support/samples/shared-thread.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const forkSchema = v.object({ thread: v.object({ id: v.string(), forkedFromId: v.string() }) })

describeSite('a fork of a shared thread', {}, (site) => {
  let thread: SharedThread
  let first: string

  beforeEach(async () => {
    thread = await openSharedThread(site)
    first = String(thread.turns()[0]?.split(' ')[1])
  })

  afterEach(() => thread.stock.close())
  const forkOf = ({ result }: Message) => v.parse(forkSchema, result).thread
  const sharedIds = async () => {
    const { threads } = await thread.peer.call('share/list', {})
    return v.parse(v.array(v.object({ threadId: v.string() })), threads).map(({ threadId }) => threadId)
  }
  /** Prompts and answers of a thread, from its beginning. */
  const said = async (threadId: string) => {
    const reader = await site.connect({ label: 'reader' })
    await reader.follow(threadId, 0)
    await eventually('all is read', () => reader.told.some(({ method }) => method === 'share/caughtUp'))
    const items = reader.events.filter(({ method }) => method === 'item/completed').map(({ params }) => params.item)
    return items.map((item) => /"text":"([^"]*)"/.exec(JSON.stringify(item))?.[1])
  }

  it('by a stock client is shared once it speaks there, with all that was said before', async () => {
    const { stock, threadId } = thread
    const fork = forkOf(await stock.call('thread/fork', { threadId, excludeTurns: true }))
    expect(fork.forkedFromId).to.equal(threadId)
    expect(await sharedIds()).to.not.include(fork.id)
    const turnId = turnIdIn(await stock.prompt(fork.id, 'hold fork'))
    await eventually('it is shared', async () => (await sharedIds()).includes(fork.id))
    const inFork = await openSharedThread(site, fork.id)
    expect(await inFork.nextTurn()).to.equal(turnId)
    expect(await inFork.refusal()).to.deep.include({ errorName: 'busy' })
    // The other thread is free meanwhile.
    const next = await thread.say('say more')
    site.model.release('fork')
    expect(await inFork.peer.turnEnd(turnId)).to.equal('completed')
    const words = ['say hello', 'You said: say hello', 'hold fork', 'Before the hold. ', 'After the hold.']
    expect(await said(fork.id)).to.deep.equal(words)
    expect(thread.turns()).to.deep.equal(whole(first, next))
    inFork.stock.close()
  })

  it('by a peer is shared when that opens it, and both go on apart', async () => {
    const { peer, threadId } = thread
    const fork = forkOf({ result: await peer.call('thread/fork', { threadId, excludeTurns: true }) })
    expect(await sharedIds()).to.not.include(fork.id)
    await peer.call('share/open', { threadId: fork.id })
    const inFork = await openSharedThread(site, fork.id)
    const [here, there] = await Promise.all([thread.say('say here'), inFork.say('say there')])
    expect(thread.turns()).to.include.members(whole(here))
    expect(thread.turns()).to.not.include.members(whole(there))
    expect(await said(fork.id)).to.deep.equal(['say hello', 'You said: say hello', 'say there', 'You said: say there'])
    expect(await said(threadId)).to.deep.equal(['say hello', 'You said: say hello', 'say here', 'You said: say here'])
    inFork.stock.close()
  })

  it('while a turn runs leaves that turn alone, which is not a part of the fork', async () => {
    const { peer, stock, threadId } = thread
    const { turn } = await peer.submit(threadId, 'hold source')
    const fork = forkOf(await stock.call('thread/fork', { threadId, excludeTurns: true }))
    const turnId = turnIdIn(await stock.prompt(fork.id, 'say apart'))
    await eventually('it is shared', async () => (await sharedIds()).includes(fork.id))
    const inFork = await openSharedThread(site, fork.id)
    expect(await inFork.peer.turnEnd(turnId)).to.equal('completed')
    expect(await inFork.running()).to.equal(null)
    const copied = inFork.peer.events.filter((event) => event.method === 'turn/completed' && event.turnId === turn.id)
    expect(copied.map(({ params }) => (params.turn as { status: string }).status)).to.deep.equal(['interrupted'])
    expect(await thread.running()).to.deep.equal({ turnId: turn.id, by: 'ada' })
    site.model.release('source')
    expect(await peer.turnEnd(turn.id)).to.equal('completed')
    expect(thread.turns()).to.deep.equal(whole(first, turn.id))
    inFork.stock.close()
  })
})
