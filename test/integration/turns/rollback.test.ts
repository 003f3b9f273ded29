/** A shared thread is taken back to an earlier turn in Codex: the ledger keeps what was said, and says that it was taken back. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect } from 'chai'
import { connectStockPeer, turnIdIn } from '../../support/peers/stock-peer.ts'
import { openSharedThread, type SharedThread, whole } from '../../support/samples/shared-thread.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describeSite('a shared thread that is taken back to an earlier turn', { daemon: false }, (site) => {
  let daemon: ChildProcess
  let thread: SharedThread
  let [first, second, third] = ['', '', '']

  before(async () => {
    daemon = await site.startDaemon()
  })

  beforeEach(async () => {
    thread = await openSharedThread(site)
    first = String(thread.turns()[0]?.split(' ')[1])
    second = await thread.say('say two')
    third = await thread.say('say three')
  })

  afterEach(() => thread.stock.close())
  /** Starts and ends of turns, and that it was taken back. */
  const story = () =>
    thread.peer.events
      .filter(({ method }) => /^turn\/(started|completed)$|^thread\/reverted$/.test(method))
      .map(({ method, turnId }) => (turnId ? `${method} ${turnId}` : method))
  const reopen = async () => {
    thread.stock.close()
    thread = await openSharedThread(site, thread.threadId)
  }
  /** Has Codex take it back while no daemon is there to hear it, and say more. */
  const revertUnheard = async (beforeTurnId: string, ...prompts: string[]) => {
    daemon.kill('SIGTERM')
    await once(daemon, 'exit')
    const codex = await connectStockPeer(join(site.runtimeDir, 'app-server.sock'))
    const { threadId } = thread
    await codex.call('thread/resume', { threadId, excludeTurns: true })
    await codex.call('thread/revert', { threadId, beforeTurnId })
    for (const prompt of prompts) {
      const { result } = await codex.prompt(threadId, prompt)
      const { id } = (result as { turn: { id: string } }).turn
      await codex.told('turn/completed', { turn: { id } })
    }
    codex.close()
    daemon = await site.startDaemon()
  }

  it('goes on from there, and the ledger has it once', async () => {
    const { stock, threadId } = thread
    await stock.call('thread/revert', { threadId, beforeTurnId: second })
    const next = await thread.say('say again')
    const told = [...whole(first, second, third), 'thread/reverted', ...whole(next)]
    expect(story()).to.deep.equal(told)
    await reopen()
    await thread.say('say more')
    expect(story().slice(0, told.length)).to.deep.equal(told)
    expect(story()).to.have.length(told.length + 2)
  })

  it('is so by whom the ledger says, and not while somebody else’s turn runs', async () => {
    const { stock, threadId, peer } = thread
    const { turn } = await peer.submit(threadId, 'hold others')
    const { error } = await stock.call('thread/revert', { threadId, beforeTurnId: second })
    expect(error).to.have.property('message').that.contains('a turn has been running since')
    site.model.release('others')
    expect(await peer.turnEnd(turn.id)).to.equal('completed')
    const own = turnIdIn(await stock.prompt(threadId, 'hold own'))
    expect(await stock.call('thread/revert', { threadId, beforeTurnId: own })).to.have.property('result')
    expect(await peer.turnEnd(own)).to.equal('interrupted')
    const reverted = await eventually('it is recorded', () =>
      peer.events.find(({ method }) => method === 'thread/reverted'),
    )
    const end = peer.events.findLast(({ method }) => method === 'turn/completed')
    expect([end?.turnId, end?.by?.kind, reverted.by?.kind]).to.deep.equal([own, 'codex', 'codex'])
    await thread.untilIdle()
    await thread.say('say again')
  })

  it('has no more of it after a restart of the daemon', async () => {
    const { stock, threadId } = thread
    await stock.call('thread/revert', { threadId, beforeTurnId: second })
    daemon.kill('SIGTERM')
    await once(daemon, 'exit')
    daemon = await site.startDaemon()
    await reopen()
    const next = await thread.say('say again')
    expect(story()).to.deep.equal([...whole(first, second, third), 'thread/reverted', ...whole(next)])
  })

  it('says so also where no daemon heard it, once, and before what was said from there on', async () => {
    await revertUnheard(second)
    await reopen()
    const next = await thread.say('say again')
    expect(story()).to.deep.equal([...whole(first, second, third), 'thread/reverted', ...whole(next)])
    await revertUnheard(next, 'said unheard')
    await reopen()
    const last = await thread.say('say more')
    const unheard = story().at(-3)?.split(' ')[1] ?? ''
    const told = [...whole(first, second, third), 'thread/reverted', ...whole(next)]
    expect(story()).to.deep.equal([...told, 'thread/reverted', ...whole(unheard, last)])
  })
})
