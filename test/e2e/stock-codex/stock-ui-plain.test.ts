/** A thread that is open in a plain `codex`, shared as it is: posted into, followed, and left where it is. */
import type { ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import * as v from 'valibot'
import { connectStockPeer, turnIdIn } from '../../support/peers/stock-peer.ts'
import { openStockUi, type StockUi } from '../../support/peers/stock-ui.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { endProcess, makeSite, type TestSite } from '../../support/sites/daemon-process.ts'
import { startUsersServer } from '../../support/sites/users-server.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describe('a thread in the user’s own Codex', function () {
  this.timeout(60_000)
  let site: TestSite
  let script: TestPeer
  let server: ChildProcess
  let plain: StockUi | undefined
  let holder: ChildProcess | undefined

  before(async () => {
    site = await makeSite({ approvalPolicy: 'on-request' })
    server = await startUsersServer(site)
    await site.startDaemon()
    script = await site.connect({ label: 'ci', answers: true })
  })

  after(async () => {
    plain?.close()
    for (const child of [server, holder]) if (child) await endProcess(child)
    await site.close()
  })

  it('shows a script’s post in the plain UI and what is typed there in the ledger; what it asks is answered from here', async () => {
    plain = await openStockUi(site, { args: [] })
    await plain.say('hello plain')
    await plain.shows('You said: hello plain')
    const threadId = await eventually('Codex has stored the thread', async () => {
      const { data } = await script.call('thread/list', { modelProviders: [], sourceKinds: ['cli', 'vscode'] })
      return v.parse(v.array(v.object({ id: v.string() })), data)[0]?.id
    })
    expect(await script.call('share/open', { threadId })).to.have.nested.property('thread.openIn', 'codex')
    await script.follow(threadId, 0)
    // Its words are on the screen a moment before its turn is over.
    await eventually('the first turn has ended', () => script.events.some(({ method }) => method === 'turn/completed'))
    const { turn } = await script.submit(threadId, 'posted into plain')
    await plain.shows('You said: posted into plain')
    expect(await script.turnEnd(turn.id)).to.equal('completed')
    await plain.say('typed in plain')
    const { turnId } = await eventually('it is in the ledger', () =>
      script.events.find(({ params }) => JSON.stringify(params).includes('You said: typed in plain')),
    )
    await script.turnEnd(String(turnId))

    const asking = await script.submit(threadId, 'ask echo plain')
    await plain.shows('Yes, proceed')
    const busy = await script.submit(threadId, 'too early').catch((error: unknown) => error)
    expect(busy).to.deep.include({ errorName: 'busy' })
    const { params } = await eventually('the script is asked', () =>
      script.told.find(({ method }) => method === 'share/approval'),
    )
    const { approvalId } = v.parse(v.object({ approvalId: v.string() }), params)
    await script.call('share/answer', { threadId, approvalId, result: { decision: 'accept' } })
    expect(await script.turnEnd(asking.turn.id)).to.equal('completed')
    await plain.hides('Yes, proceed')

    const lost = await script.submit(threadId, 'hold for-ever')
    await plain.shows('Before the hold.')
    await endProcess(server)
    expect(await script.turnEnd(lost.turn.id)).to.equal('failed')
    server = await startUsersServer(site)
    await plain.hides('Reconnecting')
    const again = await script.submit(threadId, 'back again')
    expect(await script.turnEnd(again.turn.id)).to.equal('completed')
    expect(await script.call('share/resolve', { thread: threadId })).to.have.nested.property('thread.openIn', 'codex')
  })

  it('names the process that has a thread open where it cannot be reached', async () => {
    mkdirSync(join(site.dir, 'elsewhere'))
    const socket = join(site.dir, 'elsewhere', 's')
    holder = await startUsersServer(site, socket)
    const peer = await connectStockPeer(socket)
    const threadId = await peer.startThread()
    await peer.told('turn/completed', { turn: { id: turnIdIn(await peer.prompt(threadId, 'mine')) } })
    const refused = await script.call('share/open', { threadId }).catch((error: unknown) => error)
    expect(refused).to.deep.include({ errorName: 'unavailable' })
    expect(String(refused)).to.include(`is open in process ${holder.pid} (`)
    peer.close()
  })
})
