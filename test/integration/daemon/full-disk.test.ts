/** A disk that fills up, a small real one: what waits to be written is neither lost nor written twice. */
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { killGroup, makeSite, scriptByWords, type TestSite } from '../../support/sites/daemon-process.ts'
import { noOwnMounts } from '../../support/system/own-mounts.ts'
import { eventually } from '../../support/waiting/eventually.ts'

/** What a prompt or an answer says. */
function textOf(item: unknown): string {
  const { text, content } = (item ?? {}) as { text?: string; content?: { text: string }[] }
  return text ?? content?.[0]?.text ?? ''
}

describe('A disk that fills up', function () {
  this.timeout(60_000)
  let site: TestSite
  let peer: TestPeer
  /** The disk as the daemon sees it. */
  let disk: string

  beforeEach(async function () {
    const reason = noOwnMounts()
    if (reason !== null) {
      process.stderr.write(`  What a full disk does is not tested here: ${reason}\n`)
      this.skip()
    }
    site = await makeSite({
      script: (turn) => {
        const said = { say: 'y'.repeat(200_000), chunks: 20 }
        return turn.prompt === 'much' ? [{ say: 'First. ' }, { hold: 'much' }, said] : scriptByWords(turn)
      },
    })
    const data = join(site.dir, 'data')
    mkdirSync(data)
    const daemon = await site.startDaemon({}, { mounts: `mount -t tmpfs -o size=2m,mode=700 tmpfs '${data}'` })
    disk = join('/proc', String(daemon.pid), 'root', data)
    peer = await site.connect({ label: 'poster' })
  })
  // Its record is on that disk, where nobody else looks for it.
  afterEach(async () => {
    if (peer) killGroup(await appServerPid())
    await site?.close()
  })

  /** Of the one that is linked, as the daemon knows it. */
  function appServerPid(): Promise<number> {
    return eventually('an app-server is linked', async () => {
      const { state, pid } = (await peer.call('share/status', {})).appServer as { state: string; pid: number | null }
      return state === 'ready' && pid !== null ? pid : undefined
    })
  }

  function fill(): void {
    const filler = openSync(join(disk, 'filler'), 'w')
    try {
      for (;;) writeSync(filler, Buffer.alloc(1024))
    } catch (error) {
      expect(error).to.have.property('code', 'ENOSPC')
    } finally {
      closeSync(filler)
    }
  }

  const problems = () => peer.told.filter(({ method }) => method === 'share/ledger').map(({ params }) => params)
  const isFull = { problem: 'the ledger cannot be written: database or disk is full' }

  it('while an answer comes, and then the app-server is killed: the answer and its end are recorded once', async () => {
    const threadId = await peer.startThread()
    await peer.follow(threadId)
    const { turn } = await peer.submit(threadId, 'much')
    await eventually('the answer begins', () => peer.events.some(({ method }) => method === 'item/agentMessage/delta'))
    fill()
    site.model.release('much')
    await eventually('followers hear that nothing can be recorded', () => problems().length > 0)
    await eventually('the turn has ended in Codex', async () => {
      const { data } = await peer.call('thread/turns/list', { threadId })
      return JSON.stringify(data).includes('"status":"completed"')
    })
    // Codex stores it a moment before it notifies of it, and until then the thread is busy.
    await eventually('the daemon has heard of that', async () => {
      const { threads } = await peer.call('share/list', {})
      return (threads as { threadId: string; turn: unknown }[]).some((one) => one.threadId === threadId && !one.turn)
    })
    const killed = await appServerPid()
    killGroup(killed)
    await eventually('the next app-server is linked', async () => (await appServerPid()) !== killed)
    const refused = await peer.submit(threadId, 'more', 'id-1').catch((error: unknown) => error)
    expect(refused).to.include({ errorName: 'unavailable' }).and.have.nested.property('facts.sent', false)
    rmSync(join(disk, 'filler'))
    expect(await peer.turnEnd(turn.id)).to.equal('completed')
    const after = await peer.submit(threadId, 'hello', 'id-1')
    await peer.turnEnd(after.turn.id)
    const told = peer.events
      .filter(({ turnId, method }) => turnId === turn.id && /^(turn\/|item\/completed)/.test(method))
      .map(({ method, params }) => `${method} ${textOf(params.item)}`)
    expect(told).to.deep.equal([
      'turn/started ',
      'item/completed much',
      'item/completed First. ',
      `item/completed ${'y'.repeat(200_000)}`,
      'turn/completed ',
    ])
    expect(problems()).to.deep.equal([isFull, { problem: null }])
  })

  it('before a thread is shared: nothing is, and it says why', async () => {
    fill()
    // What the log still has room for is taken first.
    const open = () => peer.call('share/open', { cwd: site.dir, name: `n${Math.random()}` }).catch((error) => error)
    const refused = await eventually('it is refused', async () => {
      const outcome: unknown = await open()
      return outcome instanceof Error ? outcome : undefined
    })
    rmSync(join(disk, 'filler'))
    expect(refused).to.include({ errorName: 'unavailable', message: isFull.problem })
    expect(await open()).to.have.property('opened', 'new')
  })
})
