/** Whose environment the commands of the agent get: that of the person who adopted, and that of the session's own shell. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { openStockUi } from '../../support/peers/stock-ui.ts'
import { makeTuiSite, type TuiSite } from '../../support/sites/tui-site.ts'

describe('the environment of an adopted codex', function () {
  this.timeout(120_000)
  let site: TuiSite

  before(async () => {
    site = await makeTuiSite({ sandboxMode: 'workspace-write' })
  })

  after(() => site.close())

  const adoptWith = (env: NodeJS.ProcessEnv, ...args: string[]) => {
    Object.assign(site.env, env)
    return site.run('adopt', ...args)
  }
  /** What a command of the agent sees, in a session whose shell has these. */
  const printed = async (env: NodeJS.ProcessEnv) => {
    const plain = await openStockUi({ ...site, env: { ...site.env, ...env } }, { args: [] })
    const [see, file] = [join(site.dir, 'see.sh'), join(site.dir, 'seen')]
    writeFileSync(see, `echo "$AGENT_SOCKET,$VENV,$GH_TOKEN" > ${file}\n`)
    writeFileSync(file, '')
    try {
      await plain.say(`run sh ${see}`)
      await plain.shows('The command has run.')
      return readFileSync(file, 'utf8').trim()
    } finally {
      plain.close()
    }
  }

  it('is that of the person who adopted, without secrets, which are named', async () => {
    expect((await site.run('daemon', 'start')).code).to.equal(0)
    const { code, stderr } = await adoptWith({ AGENT_SOCKET: '/run/ann', GH_TOKEN: 'word' })
    expect(code, stderr).to.equal(0)
    expect(stderr).to.include('Not passed on, as they look like secrets: GH_TOKEN')
    expect(readFileSync(join(site.dir, 'data/codex-share/environment'), 'utf8')).not.to.include('word')
    expect(await printed({ AGENT_SOCKET: undefined, GH_TOKEN: undefined })).to.equal('/run/ann,,')
  })

  it('is that of the session, where its shell has set something else', async () => {
    expect(await printed({ AGENT_SOCKET: '/run/bob', VENV: '/venv', GH_TOKEN: 'other' })).to.equal('/run/bob,/venv,')
  })

  it('has a secret that was asked for, in every session', async () => {
    expect((await adoptWith({}, '--keep', 'GH_TOKEN')).code).to.equal(0)
    expect(await printed({ GH_TOKEN: undefined })).to.equal('/run/ann,,word')
  })

  it('says what differs from this shell', async () => {
    Object.assign(site.env, { AGENT_SOCKET: '/run/eve' })
    const { stdout, stderr } = await site.run('adopt', '--status', '--json')
    expect(JSON.parse(stdout).environment, stderr).to.deep.equal({ differs: ['AGENT_SOCKET'], leftOut: [] })
    expect((await site.run('adopt', '--status')).stderr).to.include('AGENT_SOCKET')
  })
})
