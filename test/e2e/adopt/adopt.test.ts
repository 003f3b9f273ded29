/** `codex-share adopt` as a person meets it: a plain `codex`, and a script that posts into its thread. */
import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { controlSocketPath } from '../../../src/platform/places/codex-home.ts'
import { openStockUi, type StockUi } from '../../support/peers/stock-ui.ts'
import { makeTuiSite, type TuiSite } from '../../support/sites/tui-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

interface Listed {
  readonly threadId: string
  readonly shared?: false
  readonly preview: string | null
  readonly openIn?: readonly { readonly label: string; readonly pid: number }[]
}

describe('codex-share adopt', function () {
  this.timeout(120_000)
  let site: TuiSite
  let plain: StockUi

  before(async () => {
    site = await makeTuiSite()
  })

  after(async () => {
    plain?.close()
    await site.close()
  })

  const list = async (): Promise<Listed[]> => JSON.parse((await site.run('list', '--all', '--json')).stdout)

  const onlyThread = () =>
    eventually('the session has a thread', async () => {
      const [thread, ...more] = await list()
      return more.length === 0 ? thread : undefined
    })

  it('puts a socket of its own where a plain codex looks, and remembers it', async () => {
    const { code, stdout, stderr } = await site.run('adopt', '--json')
    expect(code, stderr).to.equal(0)
    const path = controlSocketPath(site.codexHome)
    expect(JSON.parse(stdout)).to.deep.include({
      path,
      state: 'listening',
      holder: await site.daemonPid(),
      problem: null,
    })
    expect(lstatSync(path).isSocket()).to.equal(true)
    expect(lstatSync(path).mode & 0o777).to.equal(0o600)
    const settings = readFileSync(join(site.dir, 'config/codex-share/config.json'), 'utf8')
    expect(JSON.parse(settings)).to.deep.equal({ adopt: true })
  })

  it('leaves a session private: nothing of it is recorded until somebody shares it', async () => {
    plain = await openStockUi(site, { args: [] })
    await plain.say('said in private')
    await plain.shows('You said: said in private')
    const { threadId, shared, preview, openIn } = await onlyThread()
    expect([shared, preview, openIn?.length]).to.deep.equal([false, 'said in private', 1])
    const read = await site.run('get', '--thread', threadId)
    expect(read.code, read.stdout).to.equal(4)
    expect(read.stderr).to.include('nobody has shared it')
    expect((await list())[0]?.shared).to.equal(false)
  })

  it('shows a script’s post in it, and runs what was typed meanwhile afterwards; each has its author', async () => {
    const { threadId } = await onlyThread()
    const posting = site.run('post', '--thread', threadId, '--prompt', 'slow 150', '--as', 'ci')
    await plain.shows('one two three')
    await plain.say('typed meanwhile')
    const { code, stdout } = await posting
    expect(code).to.equal(0)
    expect(stdout).to.include('one two three four five six seven eight nine ten')
    await plain.shows('You said: typed meanwhile')
    const { stdout: text } = await site.run('get', '--thread', threadId)
    expect(text).to.match(
      /codex-tui p\d+ [^\n]*\nsaid in private[\s\S]*\nci [^\n]*\nslow 150[\s\S]*codex-tui p\d+ [^\n]*\ntyped meanwhile/,
    )
  })

  it('goes on over a restart of the daemon', async () => {
    const { threadId } = await onlyThread()
    expect((await site.run('daemon', 'restart')).code).to.equal(0)
    const { code } = await site.run('post', '--thread', threadId, '--prompt', 'after the restart')
    expect(code).to.equal(0)
    await plain.shows('You said: after the restart')
    await plain.say('typed afterwards')
    await plain.shows('You said: typed afterwards')
    const { stdout } = await site.run('get', '--thread', threadId)
    expect(stdout).to.match(/codex-tui p\d+ [^\n]*\ntyped afterwards/)
  })
})
