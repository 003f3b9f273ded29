/** A Codex that was updated under the app-server that runs: said wherever one looks, with the command that moves it. */
import { expect } from 'chai'
import { type BreakableCodex, makeBreakableCodex } from '../../support/sites/breakable-codex.ts'
import { makeTuiSite, type TuiSite } from '../../support/sites/tui-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describe('A Codex that was updated', function () {
  this.timeout(60_000)
  let site: TuiSite
  let codex: BreakableCodex

  before(async () => {
    site = await makeTuiSite()
    codex = makeBreakableCodex(site.dir)
    Object.assign(site.env, codex.env)
    expect((await site.run('start', '--name', 'work')).code).to.equal(0)
  })

  after(() => site.close())

  it('is said by status, list and the terminal UI, and no more once the same runs', async () => {
    const told = async () => {
      const [status, list] = [await site.run('daemon', 'status'), await site.run('list')]
      return [status.stdout, list.stderr].map((text) => /Codex \S+ is installed, and \S+ runs: .*/.exec(text)?.[0])
    }
    expect(await told()).to.deep.equal([undefined, undefined])
    codex.update('99.1.0')
    const [inStatus, inList] = await told()
    expect(inStatus).to.match(
      /^Codex 99\.1\.0 is installed, and \d+\.\d+\.\d+ runs: `codex-share daemon restart --app-server` starts /,
    )
    expect(inList).to.equal(`${inStatus}.`)
    const ui = site.open({ args: ['--thread', 'work'] })
    await ui.shows(/Codex 99\.1\.0 is installed/)
    codex.mend()
    await eventually('it is said no more', async () => (await told()).every((text) => text === undefined))
  })
})
