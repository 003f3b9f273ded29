/** A thread that is busy here and idle in Codex, on a stand-in for the daemon, since a real one frees it; and one that is busy in both. */
import type { Server } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { judgeTurns } from '../../../src/doctor/checks/turns.ts'
import { lookAtDaemon } from '../../../src/doctor/look-at-daemon.ts'
import type { Places } from '../../../src/platform/places/resolve-places.ts'
import { openSharedThread } from '../../support/samples/shared-thread.ts'
import { makeSite, type TestSite } from '../../support/sites/daemon-process.ts'
import { startHalfDaemon } from '../../support/sites/half-daemon.ts'

describe('The doctor, of turns', function () {
  this.timeout(60_000)
  let site: TestSite
  let half: Server | undefined

  before(async () => {
    site = await makeSite()
  })

  afterEach(() => half?.close())
  after(() => site.close())

  const look = async (folder: string) => {
    const sight = await lookAtDaemon({ daemonSocket: join(folder, 'daemon.sock') } as Places, {
      kind: 'script',
      label: 'doctor',
    })
    if (sight.state !== 'running') throw new Error(JSON.stringify(sight))
    return judgeTurns(sight.status.activeTurns, sight.held)
  }

  it('finds nothing wrong with one that Codex runs', async () => {
    await site.startDaemon()
    const thread = await openSharedThread(site)
    expect((await look(site.runtimeDir)).map(({ what }) => what)).to.deep.equal(['none runs'])
    await thread.peer.submit(thread.threadId, 'hold on')
    expect((await look(site.runtimeDir)).map(({ what }) => what)).to.deep.equal(['1 running'])
    site.model.release('on')
    thread.stock.close()
  })

  /** A daemon that holds one turn, in a thread that Codex calls idle for so long from when it is asked, and then active. */
  async function holdTurn(idleMs: number): Promise<void> {
    const status = await (await site.connect()).call('share/status', {})
    const turn = { threadId: 't', turnId: 'u', startedAt: '2026-01-02T03:04:05.000Z', waitingOnApproval: false }
    const thread = {
      threadId: 't',
      name: 'work',
      cwd: '/',
      preview: null,
      openedAt: '',
      updatedAt: '',
      head: 1,
      peers: 0,
    }
    let since: number | undefined
    half = await startHalfDaemon(join(site.dir, 'daemon.sock'), {
      'share/status': { ...status, activeTurns: 1 },
      'share/list': { threads: [{ ...thread, turn: { ...turn, by: { label: 'ada', kind: 'ui', pid: 1 } } }] },
      get 'thread/read'() {
        since ??= performance.now()
        return { thread: { id: 't', status: { type: performance.now() - since < idleMs ? 'idle' : 'active' } } }
      },
    })
  }

  it('names a thread that is idle there, and what to do', async () => {
    await holdTurn(Number.POSITIVE_INFINITY)
    const found = await look(site.dir)
    expect(found.map(({ level, what }) => [level, what])).to.deep.equal([
      ['warning', 'thread t (work) is busy here and idle in Codex, with turn u since 2026-01-02T03:04:05.000Z'],
    ])
    expect(found[0]?.fix).to.include('codex-share daemon restart')
  })

  it('finds nothing wrong with one that Codex calls idle for a moment still', async () => {
    await holdTurn(200)
    expect((await look(site.dir)).map(({ what }) => what)).to.deep.equal(['1 running'])
  })
})
