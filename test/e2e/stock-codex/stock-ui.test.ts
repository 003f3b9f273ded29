/** Two unmodified Codex UIs and our own in real terminals, and a script, on one thread. */
import { expect } from 'chai'
import { openStockUi, type StockUi } from '../../support/peers/stock-ui.ts'
import { openTerminal, type TestTerminal } from '../../support/peers/terminal.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { killGroup, makeSite, type TestSite } from '../../support/sites/daemon-process.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describe('the unmodified Codex UI on codex.sock', function () {
  this.timeout(60_000)
  let site: TestSite
  let script: TestPeer
  let threadId: string
  const uis: StockUi[] = []
  let own: TestTerminal

  before(async () => {
    // The two UIs then have the thread over one link, as a crowd has it.
    site = await makeSite({ approvalPolicy: 'on-request', settings: { limits: { ownLinks: 1 } } })
    await site.startDaemon()
    script = await site.connect({ label: 'ci', answers: true })
    const ui = await openStockUi(site)
    uis.push(ui)
    await ui.say('hello there')
    await ui.shows('You said: hello there')
    threadId = await eventually('its thread is shared', async () => {
      const { threads } = await script.call('share/list', {})
      return Array.isArray(threads) && threads[0]?.threadId
    })
    await script.follow(threadId, 0)
    uis.push(await openStockUi(site, { threadId }))
    own = openTerminal({ home: site, args: ['--thread', threadId, '--as', 'ada'], rows: 40 })
    await own.shows('SHARED')
  })

  after(async () => {
    for (const ui of uis) ui.close()
    own.close()
    await site.close()
  })

  const bothShow = (what: string | RegExp) => Promise.all(uis.map((ui) => ui.shows(what)))
  const allShow = (what: string) => Promise.all([own.shows(what), bothShow(what)])
  const ui = (index: number): StockUi => {
    const found = uis[index]
    if (!found) throw new Error(`no UI ${index}`)
    return found
  }
  const idle = () =>
    eventually('the thread is idle', async () => {
      const { threads } = await script.call('share/list', {})
      return Array.isArray(threads) && threads[0]?.turn === null
    })
  /** The turn of every prompt, in order. */
  const promptTurns = () =>
    script.events
      .filter(({ method, params }) => method === 'item/completed' && JSON.stringify(params).includes('"userMessage"'))
      .map(({ turnId }) => turnId)
  const turnOf = (prompt: string) =>
    eventually(`the turn of ${prompt}`, () =>
      script.events.find(
        ({ method, params }) => method === 'item/completed' && JSON.stringify(params).includes(`"${prompt}"`),
      ),
    )

  it('shows a second UI what was said, and both what a script posts', async () => {
    await ui(1).shows('You said: hello there')
    await idle()
    const { turn } = await script.submit(threadId, 'posted by a script')
    await allShow('You said: posted by a script')
    expect(await script.turnEnd(turn.id)).to.equal('completed')
  })

  it('keeps what a person types into somebody else’s turn, and submits it when that is over', async () => {
    const { turn } = await script.submit(threadId, 'hold the line')
    await bothShow('Before the hold.')
    await ui(0).say('typed meanwhile')
    await ui(0).shows('Messages to be submitted at end of turn')
    site.model.release('the')
    expect(await script.turnEnd(turn.id)).to.equal('completed')
    await bothShow('After the hold.')
    await allShow('You said: typed meanwhile')
    const { by } = await turnOf('typed meanwhile')
    expect(by?.kind).to.equal('codex')
  })

  it('lets a person and a script race for the turn: one wins, the other is told or waits, and no turn gets two prompts', async () => {
    await idle()
    ui(1).type('a slow typist')
    await ui(1).shows('› a slow typist')
    ui(1).press('Enter')
    const posted = await script.submit(threadId, 'a fast script').catch((error: unknown) => error)
    if (posted instanceof Error) {
      expect(posted).to.deep.include({ errorName: 'busy' })
      await bothShow('You said: a slow typist')
    } else {
      const told = await ui(1).shows(/turn has been running|end of turn|You said: a slow typist/)
      // What it keeps, it submits a moment after the thread is idle.
      if (!told.includes('turn has been running')) await bothShow('You said: a slow typist')
    }
    await idle()
    const turns = promptTurns()
    expect(turns).to.deep.equal([...new Set(turns)])
    // What is left in the composer would become part of what is typed next.
    ui(1).press('C-u')
  })

  it('asks both for an approval; one answers, and nobody is asked any more', async () => {
    await idle()
    const { turn } = await script.submit(threadId, 'ask echo approved by a person')
    await bothShow('Yes, proceed')
    await own.shows('Codex wants to run a command')
    await eventually('the script is asked too', () => script.told.some(({ method }) => method === 'share/approval'))
    ui(0).press('y')
    expect(await script.turnEnd(turn.id)).to.equal('completed')
    await allShow('The command has run.')
    await own.hides('Codex wants to run a command')
    const resolved = script.events.filter(({ method }) => method === 'serverRequest/resolved')
    expect(resolved.map(({ by }) => by?.kind)).to.deep.equal(['codex'])
  })

  it('lets both outlive a killed app-server', async () => {
    const { turn } = await script.submit(threadId, 'hold for-ever')
    await bothShow(/hold for-ever[\s\S]*Before the hold\./)
    killGroup(await site.appServerPid())
    await bothShow('Conversation interrupted')
    expect(await script.turnEnd(turn.id)).to.equal('failed')
    await ui(1).say('still here')
    await allShow('You said: still here')
    expect(uis.map((one) => /Reconnecting/.test(one.screen()))).to.deep.equal([false, false])
    expect((await turnOf('still here')).by?.kind).to.equal('codex')
  })
})
