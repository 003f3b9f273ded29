/** Turns that begin without a prompt, on both sockets: they take the slot before they are sent, and are somebody's. */
import { join } from 'node:path'
import { expect } from 'chai'
import { connectStockPeer, type Message, type StockPeer, turnIdIn } from '../../support/peers/stock-peer.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { killGroup } from '../../support/sites/daemon-process.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describeSite('a review, a compaction and a shell command', {}, (site) => {
  let ann: TestPeer
  let ben: TestPeer
  let stock: StockPeer
  let threadId: string

  before(async () => {
    ;[ann, ben] = await Promise.all([site.connect({ label: 'ann' }), site.connect({ label: 'ben' })])
    stock = await connectStockPeer(join(site.runtimeDir, 'codex.sock'))
  })

  beforeEach(async () => {
    threadId = await ann.startThread()
    await ann.follow(threadId, 0)
    await ann.turnEnd((await ann.submit(threadId, 'say one')).turn.id)
    await stock.call('thread/resume', { threadId, excludeTurns: true })
  })

  after(() => stock.close())

  const review = (instructions: string) => ({ threadId, target: { type: 'custom', instructions } })
  /** The name of the error, or `taken`. */
  const outcomeOf = (answer: Promise<unknown>) =>
    answer.then(
      () => 'taken',
      (error: { errorName?: string }) => error.errorName,
    )
  const events = (method: string) =>
    ann.events.filter((event) => event.threadId === threadId && event.method === method)
  const lastTurn = () => eventually('another turn begins', () => events('turn/started')[1])
  const ended = (count: number) => eventually(`${count} turns ended`, () => events('turn/completed').length === count)
  const refusedAsReview = (reply: Message) =>
    expect(reply).to.have.nested.property('error.data.codexErrorInfo.activeTurnNotSteerable.turnKind', 'review')

  for (const [what, method] of [
    ['reviews', 'review/start'],
    ['compactions', 'thread/compact/start'],
  ] as const)
    it(`are ${what}: of several at one instant one is taken, the others are busy, and it ends undisturbed`, async () => {
      const asked = method === 'review/start' ? review('look') : { threadId }
      const outcomes = await Promise.all([
        ...[ann, ben, ann].map((peer) => outcomeOf(peer.call(method, asked))),
        outcomeOf(ben.submit(threadId, 'say meanwhile')),
      ])
      expect(outcomes.toSorted()).to.deep.equal(['busy', 'busy', 'busy', 'taken'])
      await ended(2)
      expect(events('turn/completed').at(-1)?.params).to.have.nested.property('turn.status', 'completed')
    })

  it('are their author’s, whoever is busy with them is told', async () => {
    await ben.call('review/start', review('hold by-ben'))
    const busy = await ann.submit(threadId, 'meanwhile').catch((error: unknown) => error)
    expect(busy).to.have.nested.property('facts.by.label', 'ben')
    const begun = await lastTurn()
    expect(begun.by?.label).to.equal('ben')
    await ann.call('turn/interrupt', { threadId, turnId: begun.turnId })
    await ended(2)
    expect(events('turn/completed')[1]?.by?.label).to.equal('ann')
    await ben.call('thread/compact/start', { threadId })
    await ended(3)
    expect(events('turn/started')[2]?.by?.label).to.equal('ben')
  })

  it('leave the thread free when Codex refuses them', async () => {
    expect(await outcomeOf(ben.call('review/start', review('')))).to.not.equal('taken')
    const next = await ann.submit(threadId, 'say two')
    expect(await ann.turnEnd(next.turn.id)).to.equal('completed')
  })

  it('are the stock client’s that asked for them, and the second is refused in the form it understands', async () => {
    const replies = await Promise.all([
      stock.call('thread/compact/start', { threadId }),
      stock.call('thread/compact/start', { threadId }),
    ])
    expect(replies[0]).to.have.property('result')
    refusedAsReview(replies[1])
    expect((await lastTurn()).by?.kind).to.equal('codex')
    await ended(2)
    expect(events('turn/completed')[1]?.params).to.have.nested.property('turn.status', 'completed')
  })

  it('do not end the turn of somebody else', async () => {
    const { turn } = await ann.submit(threadId, 'hold on')
    refusedAsReview(await stock.call('thread/compact/start', { threadId }))
    refusedAsReview(await stock.call('review/start', review('look')))
    expect(await outcomeOf(ben.call('thread/compact/start', { threadId }))).to.equal('busy')
    site.model.release('on')
    expect(await ann.turnEnd(turn.id)).to.equal('completed')
  })

  it('do not hold the thread when the app-server dies before it has begun them', async () => {
    for (const begin of [
      () => ann.call('review/start', review('hold for-ever')),
      () => ann.call('thread/compact/start', { threadId }),
    ]) {
      const pid = await site.appServerPid()
      await begin()
      killGroup(pid)
      const next = await eventually('the thread is free', () => ann.submit(threadId, 'say two').catch(() => undefined))
      expect(await ann.turnEnd(next.turn.id)).to.equal('completed')
    }
    const ofReview = events('turn/completed').map(({ params }) => JSON.stringify(params).match(/"status":"(\w+)"/)?.[1])
    expect(ofReview.slice(0, 3)).to.deep.equal(['completed', 'failed', 'completed'])
  })

  it('hold the thread while the command of a stock client’s runs, which may also run beside a turn', async () => {
    const done = join(site.dir, 'done')
    const command = `until [ -e ${done} ]; do sleep 0.05; done`
    expect(await stock.call('thread/shellCommand', { threadId, command })).to.have.property('result')
    const busy = await ann.submit(threadId, 'meanwhile').catch((error: unknown) => error)
    expect(busy).to.have.nested.property('facts.by.kind', 'codex')
    expect((await lastTurn()).by?.kind).to.equal('codex')
    await stock.call('thread/shellCommand', { threadId, command: `touch ${done}` })
    await ended(2)
    const next = turnIdIn(await stock.prompt(threadId, 'say two'))
    expect(await ann.turnEnd(next)).to.equal('completed')
  })
})
