/** Codex without an account: said before anything is submitted. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describeSite('a Codex that is not logged in', { daemon: false }, (site) => {
  before(async () => {
    writeFileSync(join(site.codexHome, 'config.toml'), 'approval_policy = "never"\n')
    await site.startDaemon()
  })

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
