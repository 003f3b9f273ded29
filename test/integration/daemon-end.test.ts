/** The daemon ends in time, whoever is connected. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeSite, type TestSite } from '../support/daemon-process.ts'

describe('A daemon that is told to end', function () {
  this.timeout(30_000)
  let site: TestSite

  before(async () => {
    site = await makeSite()
  })

  after(() => site.close())

  it('does not wait for those who have connected and say nothing', async () => {
    const daemon = await site.startDaemon()
    for (const name of ['daemon.sock', 'codex.sock']) await once(connect(join(site.runtimeDir, name)), 'connect')
    const since = performance.now()
    daemon.kill('SIGTERM')
    const [code] = await once(daemon, 'exit')
    expect(code).to.equal(0)
    expect(performance.now() - since).to.be.below(5000)
  })
})
