/** A daemon whose PATH does not reach Codex, although the PATH of the person who asks may. */
import { expect } from 'chai'
import { makeSite } from '../../support/sites/daemon-process.ts'
import { errorOf } from '../../support/sites/scripted-daemon.ts'

describe('a Codex that is not on the PATH of the daemon', () => {
  it('is said to be missing there, with what mends it', async () => {
    const site = await makeSite({ settings: { codexBin: 'codex-nightly' } })
    try {
      await site.startDaemon({ PATH: '/usr/bin:/bin' })
      const { errorName, message } = await errorOf((await site.connect()).call('share/open', {}))
      expect(errorName).to.equal('unavailable')
      expect(message).to.match(/it is not on the PATH of the daemon, which was started at \S+Z \(\/usr\/bin:\/bin\)/)
      expect(message).to.contain('`codex-share daemon restart` gives the daemon that one')
    } finally {
      await site.close()
    }
  }).timeout(30_000)
})
