/** Codex without an account: said before anything is submitted. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeSite, type TestSite } from '../support/daemon-process.ts'
import { eventually } from '../support/eventually.ts'

describe('a Codex that is not logged in', function () {
  this.timeout(60_000)
  let site: TestSite

  before(async () => {
    site = await makeSite()
    writeFileSync(join(site.codexHome, 'config.toml'), 'approval_policy = "never"\n')
    await site.startDaemon()
  })

  after(() => site.close())

  it('refuses a prompt as unavailable, with what to do, and leaves the thread free', async () => {
    const peer = await site.connect()
    const threadId = await peer.startThread()
    await eventually('the account is known to be missing', async () => {
      const { appServer } = (await peer.call('share/status', {})) as { appServer: { problem: string | null } }
      return appServer.problem?.includes('codex login')
    })
    const refused = await peer.submit(threadId, 'hello').catch((error: unknown) => error)
    expect(refused).to.include({ errorName: 'unavailable', exitCode: 5 })
    expect(refused).to.have.property('message').that.includes('run `codex login`')
    expect(await peer.call('share/list', {})).to.have.nested.property('threads[0].turn', null)
  })
})
