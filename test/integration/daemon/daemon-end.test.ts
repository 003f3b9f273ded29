/** The daemon ends in time, whoever is connected. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { isStillRunning, readLiveRecord } from '../../../src/platform/processes/process-record.ts'
import { fakeCodex } from '../../fixtures/codex-lab.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describeSite('A daemon that is told to end', { each: true, daemon: false, timeoutMs: 30_000 }, (site) => {
  // A site for each: the app-server of one daemon outlives it, and would be the next one's.
  it('does not wait for those who have connected and say nothing', async () => {
    const daemon = await site.startDaemon()
    for (const name of ['daemon.sock', 'codex.sock']) await once(connect(join(site.runtimeDir, name)), 'connect')
    const since = performance.now()
    daemon.kill('SIGTERM')
    const [code] = await once(daemon, 'exit')
    expect(code).to.equal(0)
    expect(performance.now() - since).to.be.below(12_000)
  })

  it('ends as a whole while its app-server is still starting, and leaves none behind', async () => {
    const { path } = fakeCodex()
    const daemon = await site.startDaemon({ CODEX_SHARE_CODEX_BIN: path, FAKE_APP_SERVER: 'deaf' })
    const record = await eventually('the app-server starts', () => readLiveRecord(site.appServerRecord))
    daemon.kill('SIGTERM')
    const [code] = await once(daemon, 'exit')
    expect(code).to.equal(0)
    expect(await isStillRunning(record)).to.equal(false)
    expect(site.daemonLog().trimEnd()).to.match(/the daemon has ended[^\n]*$/)
  })
})
