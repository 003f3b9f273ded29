/** Whatever becomes of the daemon, a plain `codex` starts and answers; and a server of its own is never pushed aside. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { controlSocketPath } from '../../../src/platform/places/codex-home.ts'
import { readLiveRecord } from '../../../src/platform/processes/process-record.ts'
import { openStockUi } from '../../support/peers/stock-ui.ts'
import { controlPlainServer, killPlainServer, plainServerPid } from '../../support/sites/plain-server.ts'
import { makeTuiSite, type TuiSite } from '../../support/sites/tui-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describe('a plain codex, where it is adopted', function () {
  this.timeout(120_000)
  let site: TuiSite
  let path: string

  before(async () => {
    site = await makeTuiSite()
    path = controlSocketPath(site.codexHome)
    expect((await site.run('adopt')).code).to.equal(0)
  })

  after(async () => {
    killPlainServer(site)
    await site.close()
  })

  const status = async () => JSON.parse((await site.run('adopt', '--status', '--json')).stdout)
  const becomes = (state: string) =>
    eventually(`it is ${state}`, async () => {
      const now = await status()
      return now.state === state ? now : undefined
    })
  const answers = async (prompt: string) => {
    const plain = await openStockUi(site, { args: [] })
    try {
      await plain.say(prompt)
      await plain.shows(`You said: ${prompt}`, 30_000)
    } finally {
      plain.close()
    }
  }
  /** The thread that Codex has stored last, by its files. */
  const newestThread = () => {
    const files = readdirSync(join(site.codexHome, 'sessions'), { recursive: true, encoding: 'utf8' })
    const ids = files.flatMap(
      (file) => /rollout-(.*)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/.exec(file)?.[2] ?? [],
    )
    return String(ids.sort().at(-1))
  }
  const endOwnServer = async () => {
    expect((await controlPlainServer(site, 'stop')).code).to.equal(0)
  }

  it('says something sensible of the daemon that is there, and does it no harm', async () => {
    for (const verb of ['version', 'start', 'stop', 'restart']) {
      const { said } = await controlPlainServer(site, verb)
      expect(said, verb).to.match(verb === 'version' ? /appServerVersion|version/i : /not managed|manage|daemon/i)
      expect((await status()).state, verb).to.equal('listening')
    }
  })

  it('starts a server of its own when the daemon was killed; that is left alone, and its place taken when it ends', async () => {
    process.kill(await site.daemonPid(), 'SIGKILL')
    expect(existsSync(path)).to.equal(true)
    await answers('without the daemon')
    const pid = plainServerPid(site)
    expect(await status()).to.include({ state: 'waiting', holder: null })
    await site.run('daemon', 'start')
    expect(await becomes('foreign')).to.include({ holder: pid })
    await answers('beside the daemon')
    await endOwnServer()
    expect(await becomes('listening')).to.include({ holder: await site.daemonPid() })
    await answers('with the daemon')
  })

  it('takes the sessions of a server that ends, and a thread that was shared there goes on', async () => {
    process.kill(await site.daemonPid(), 'SIGKILL')
    const plain = await openStockUi(site, { args: [] })
    try {
      await plain.say('said to its own server')
      await plain.shows('You said: said to its own server', 30_000)
      await site.run('daemon', 'start')
      await becomes('foreign')
      const threadId = newestThread()
      expect((await site.run('start', '--thread', threadId)).code).to.equal(0)
      expect((await site.run('post', '--thread', threadId, '--prompt', 'posted there')).code).to.equal(0)
      await plain.shows('You said: posted there')
      await endOwnServer()
      await becomes('listening')
      await plain.hides('Reconnecting')
      expect((await site.run('post', '--thread', threadId, '--prompt', 'posted here')).code).to.equal(0)
      await plain.shows('You said: posted here')
      await plain.say('typed here')
      await plain.shows('You said: typed here')
      expect((await site.run('get', '--thread', threadId)).stdout).to.include('You said: typed here')
    } finally {
      plain.close()
    }
  })

  it('finds nobody there after a stop, and somebody again after a start', async () => {
    expect((await site.run('daemon', 'stop', '--all')).code).to.equal(0)
    expect(existsSync(path)).to.equal(false)
    await answers('after the stop')
    await endOwnServer()
    await site.run('daemon', 'start')
    await becomes('listening')
  })

  it('waits for the next app-server when this one was killed', async () => {
    const plain = await openStockUi(site, { args: [] })
    try {
      await plain.say('hold on')
      await plain.shows('Before the hold.')
      const { pid } = await eventually('the app-server runs', () => readLiveRecord(site.appServerRecord))
      process.kill(pid, 'SIGKILL')
      await answers('after the app-server')
      await plain.shows('Conversation interrupted')
      await plain.say('and on')
      await plain.shows('You said: and on')
    } finally {
      plain.close()
    }
    // Where the next one took longer than the place is kept, the UI that was started meanwhile has a server of its own.
    const { state } = await eventually('somebody is there', async () => {
      const now = await status()
      return now.state !== 'waiting' && now
    })
    if (state === 'foreign') await endOwnServer()
    await becomes('listening')
  })

  it('finds nobody there while the daemon has no app-server, and starts as it would without us', async () => {
    const settings = join(site.dir, 'config/codex-share/config.json')
    writeFileSync(settings, JSON.stringify({ adopt: true, codexBin: join(site.dir, 'gone') }))
    expect((await site.run('daemon', 'restart')).code).to.equal(0)
    await becomes('listening')
    const { pid } = await eventually('the app-server runs', () => readLiveRecord(site.appServerRecord))
    process.kill(pid, 'SIGKILL')
    expect((await becomes('waiting')).problem).to.include('app-server')
    expect(existsSync(path)).to.equal(false)
    await answers('without an app-server')
    await becomes('foreign')
    await endOwnServer()
    writeFileSync(settings, JSON.stringify({ adopt: true }))
    expect((await site.run('daemon', 'restart')).code).to.equal(0)
    await becomes('listening')
  })

  it('is left where it is with --off: the session goes on, and the next has a server of its own', async () => {
    const plain = await openStockUi(site, { args: [] })
    try {
      await plain.say('before off')
      await plain.shows('You said: before off')
      expect((await site.run('adopt', '--off')).code).to.equal(0)
      expect([(await status()).state, existsSync(path)]).to.deep.equal(['off', false])
      await plain.say('after off')
      await plain.shows('You said: after off')
    } finally {
      plain.close()
    }
    await answers('on its own')
  })
})
