/** A plain `codex` that is about to start a server of its own, which takes seconds the first time, while somebody adopts. */
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { openStockUi } from '../../support/peers/stock-ui.ts'
import { killPlainServer } from '../../support/sites/plain-server.ts'
import { makeTuiSite, type TuiSite } from '../../support/sites/tui-site.ts'

describe('adopting while a plain codex prepares its own server', function () {
  this.timeout(90_000)
  let site: TuiSite

  before(async () => {
    site = await makeTuiSite()
  })

  after(async () => {
    killPlainServer(site)
    await site.close()
  })

  it('lets it finish, and finds its server there', async () => {
    const plain = await openStockUi(site, { args: [] })
    try {
      // It copies itself by now, and has its lock.
      await delay(1000)
      const adopting = site.run('adopt', '--json')
      await plain.say('in the middle')
      await plain.shows('You said: in the middle', 40_000)
      const { code, stdout, stderr } = await adopting
      expect(code, stderr).to.equal(0)
      expect(JSON.parse(stdout).state).to.be.oneOf(['waiting', 'foreign'])
      const status = await site.run('adopt', '--status', '--json')
      expect(JSON.parse(status.stdout).state).to.equal('foreign')
    } finally {
      plain.close()
    }
  })
})
