/** Commands that were stopped for longer than the time they were given: with Ctrl-Z, or by the sleep of the machine. */
import { expect } from 'chai'
import { type CommandSite, makeCommandSite } from '../../support/sites/command-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'
import { stopFor } from '../../support/waiting/stop-for.ts'

describe('A command that is stopped', function () {
  this.timeout(60_000)
  let site: CommandSite
  before(async () => {
    site = await makeCommandSite()
  })
  after(() => site.close())

  it('does not give up for the time in which it could not run', async () => {
    const thread = await site.share('suspended')
    const post = site.start(['post', '-t', thread, '-p', 'hold suspended', '--timeout', '6s'])
    await eventually('the answer has begun', () => post.stdout().includes('Before the hold.'))
    await stopFor(post.child.pid ?? 0, 7000, () => site.model.release('suspended'))
    const { code, stdout } = await post.ended
    expect([code, stdout.includes('After the hold.')]).to.deep.equal([0, true])
  })
})
