/** A shell command that a person runs in Codex's own UI (`!ls`): a turn of its own where none runs, and else a part of the one that does. */
import type { ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { openSharedThread, restartDaemon, type SharedThread, whole } from '../../support/samples/shared-thread.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describeSite('a shell command of a stock client’s in a shared thread', { daemon: false }, (site) => {
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
  /** Runs a command that lasts until `release`. */
  const run = async (name: string) => {
    const { stock, threadId } = thread
    const command = `echo ${name} begins; until [ -e ${join(site.dir, name)} ]; do sleep 0.05; done; echo ${name} ends`
    expect(await stock.call('thread/shellCommand', { threadId, command })).to.deep.include({ result: {} })
  }
  const release = (name: string) => writeFileSync(join(site.dir, name), '')
  const commands = () =>
    thread.peer.events.flatMap(({ method, turnId, params }) => {
      const { item } = params as { item?: Record<string, unknown> }
      if (method !== 'item/completed' || item?.type !== 'commandExecution') return []
      return [{ turnId, source: item.source, output: item.aggregatedOutput, status: item.status }]
    })

  it('is a turn that holds the slot while it runs, and is recorded with its output', async () => {
    await run('alone')
    const turnId = await thread.nextTurn()
    expect(await thread.refusal()).to.deep.include({ errorName: 'busy' })
    release('alone')
    expect(await thread.peer.turnEnd(turnId)).to.equal('completed')
    const output = 'alone begins\nalone ends\n'
    expect(commands()).to.deep.equal([{ turnId, source: 'userShell', output, status: 'completed' }])
    const next = await thread.say('say more')
    expect(thread.turns()).to.deep.equal(whole(first, turnId, next))
  })

  it('is ended by an interruption of a peer’s', async () => {
    const { peer, threadId } = thread
    await run('endless')
    const turnId = await thread.nextTurn()
    await peer.call('turn/interrupt', { threadId, turnId })
    expect(await peer.turnEnd(turnId)).to.equal('interrupted')
    expect(peer.events.findLast(({ method }) => method === 'turn/completed')?.by).to.include({ label: 'ada' })
    const next = await thread.say('say more')
    expect(thread.turns()).to.deep.equal(whole(first, turnId, next))
  })

  it('is known to the next daemon, and told once', async () => {
    await run('restarted')
    const turnId = await thread.nextTurn()
    daemon = await restartDaemon(site, daemon)
    thread.stock.close()
    thread = await openSharedThread(site, thread.threadId)
    expect(await thread.refusal()).to.deep.include({ errorName: 'busy' })
    release('restarted')
    expect(await thread.peer.turnEnd(turnId)).to.equal('completed')
    expect(thread.turns()).to.deep.equal(whole(first, turnId))
    expect(commands().map(({ output }) => output)).to.deep.equal(['restarted begins\nrestarted ends\n'])
  })

  it('belongs to the turn that runs, which is its poster’s still and ends once', async () => {
    const { peer, threadId } = thread
    const { turn } = await peer.submit(threadId, 'hold floor')
    await run('within')
    release('within')
    await eventually('the command is over', () => commands().length === 1)
    expect(await thread.running()).to.deep.equal({ turnId: turn.id, by: 'ada' })
    site.model.release('floor')
    expect(await peer.turnEnd(turn.id)).to.equal('completed')
    expect(commands().map(({ turnId }) => turnId)).to.deep.equal([turn.id])
    expect(thread.turns()).to.deep.equal(whole(first, turn.id))
    expect(await thread.running()).to.equal(null)
  })

  it('is nothing for a peer on daemon.sock: it is run outside the sandbox', async () => {
    const { peer, threadId } = thread
    const refused: unknown = await peer.call('thread/shellCommand', { threadId, command: 'id' }).catch((error) => error)
    expect(refused).to.deep.include({ errorName: 'methodNotFound' })
  })
})
