/** A start with a clock that is far ahead: only what is old beside the newest event goes. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import type { NewEvent } from '../../../src/ledger/event-text.ts'
import { openLedger } from '../../../src/ledger/ledger.ts'
import { makeSite, type TestSite } from '../../support/sites/daemon-process.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const dayMs = 86_400_000
const threadId = '01a20590-456e-70b2-a977-25507630a948'

/** The library that sets another clock for a program, as the `faketime` command names it. */
function clockLibrary(): string | undefined {
  const { status, stdout } = spawnSync('faketime', ['-f', '+0', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

describe('A clock that is 400 days ahead', function () {
  this.timeout(60_000)
  let site: TestSite
  let env: NodeJS.ProcessEnv

  before(async function () {
    const library = clockLibrary()
    if (library === undefined) {
      process.stderr.write('  A wrong clock is not tested here: there is no faketime\n')
      this.skip()
    }
    env = { LD_PRELOAD: library, FAKETIME: '+400d', DONT_FAKE_MONOTONIC: '1' }
    site = await makeSite()
  })
  after(() => site?.close())

  it('lets nothing go that is not old beside the newest event', async () => {
    const at = (days: number): NewEvent => ({
      ...{ threadId, turnId: null, method: 'warning', params: { threadId }, itemId: null, by: null },
      atMs: Date.now() - days * dayMs,
    })
    const ledger = openLedger(join(site.dir, 'data/codex-share/ledger.db'))
    ledger.threads.open(threadId, { name: 'kept', cwd: '/', preview: null })
    ledger.events.append([at(200), at(80), at(0)])
    ledger.close()
    await site.startDaemon(env)
    const peer = await site.connect()
    const { daemon } = await peer.call('share/status', {})
    expect(Date.parse((daemon as { startedAt: string }).startedAt)).to.be.greaterThan(Date.now() + 399 * dayMs)
    const page = await eventually('what is old has gone', async () => {
      const found = await peer.call('share/events', { threadId, after: 0 })
      return found.gap === null ? undefined : found
    })
    expect([page.gap, (page.events as { id: number }[]).map(({ id }) => id)]).to.deep.equal([
      { threadId, from: 1, to: 1, reason: 'pruned' },
      [2, 3],
    ])
  })
})
