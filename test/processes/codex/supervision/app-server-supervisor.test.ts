/** The supervisor keeps a link there: it finds, starts, replaces, backs off, and says what is wrong. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, realpathSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { codexVersion, oldestCodex } from '../../../../src/codex/binary/codex-version.ts'
import type { UpstreamNotification } from '../../../../src/codex/decoding/decode-notification.ts'
import { startAppServer } from '../../../../src/codex/process/app-server-process.ts'
import { type Supervisor, startSupervisor } from '../../../../src/codex/supervision/app-server-supervisor.ts'
import type { LinkKeeperOptions } from '../../../../src/codex/supervision/link-keeper.ts'
import type { AppServerInfo } from '../../../../src/codex/supervision/link-watch.ts'
import { writeProcessRecord } from '../../../../src/platform/processes/process-record.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { type CodexLab, client, fakeCodex, type LabOptions, openLab, textInput } from '../../../fixtures/codex-lab.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

const fast = { firstMs: 20, longestMs: 60_000, degradedAfter: 5 }

describe('supervisor of the app-server', function () {
  this.timeout(30_000)
  let lab: CodexLab
  let kept: Supervisor[]
  /** What the supervisor told, in order. */
  let story: string[]
  let infos: AppServerInfo[]
  let notifications: UpstreamNotification[]

  const keep = (options: Partial<LinkKeeperOptions> = {}) => {
    const supervisor = startSupervisor({
      ...lab.place,
      env: () => lab.place.env,
      client,
      spawn: true,
      findCodex: async () => lab.codex,
      onNotification: (notification) => notifications.push(notification),
      onRequest: () => {},
      onReady: ({ info }) => {
        story.push('ready')
        infos.push(info)
      },
      onDown: ({ why }) => story.push(`down: ${why}`),
      onTrouble: () => story.push('trouble'),
      backOff: fast,
      ...options,
    })
    kept.push(supervisor)
    return supervisor
  }
  const ready = (supervisor: Supervisor) => eventually('a link', () => supervisor.link)
  const pidNow = () => infos.at(-1)?.pid ?? 0
  const open = async (options: LabOptions = {}) => {
    lab = await openLab(options)
  }

  beforeEach(() => {
    ;[kept, story, infos, notifications] = [[], [], [], []]
  })
  afterEach(async () => {
    await Promise.all(kept.map((supervisor) => supervisor.close()))
    await lab.close()
  })

  it('starts an app-server and tells what it is', async () => {
    await open()
    const supervisor = keep()
    expect([supervisor.state, supervisor.link, supervisor.info]).to.deep.equal(['connecting', undefined, undefined])
    await ready(supervisor)
    expect([supervisor.state, supervisor.problem, story]).to.deep.equal(['ready', null, ['ready']])
    const { pid, version, instance, startedAt, keys, ...rest } = supervisor.info ?? {}
    expect(rest).to.deep.equal({
      socketPath: realpathSync(lab.place.socketPath),
      codexHome: lab.place.env.CODEX_HOME,
      account: null,
      fresh: true,
    })
    expect(Date.now() - Date.parse(startedAt ?? '')).to.be.within(0, 30_000)
    expect(keys?.keys.map(({ name }) => name)).to.include.members(['OPENAI_API_KEY', 'CODEX_API_KEY'])
    expect(supervisor.binary).to.equal(lab.codex.path)
    expect([typeof pid, typeof instance, version]).to.deep.equal([
      'number',
      'string',
      await codexVersion(lab.codex, { env: process.env }),
    ])
  })

  it('finds the one again that an earlier supervisor left running, in the middle of its turn', async () => {
    await open()
    const first = keep()
    const link = await ready(first)
    const { thread } = await link.request('thread/start', {})
    const { turn } = await link.request('turn/start', { threadId: thread.id, input: textInput('hold') })
    await eventually('the request to the model', () => lab.model.requests() > 0)
    await first.close()

    const second = keep()
    const again = await ready(second)
    await again.request('thread/resume', { threadId: thread.id, excludeTurns: true })
    lab.model.release('hold')
    const ended = await eventually('the end of the turn', () =>
      notifications.find(({ method }) => method === 'turn/completed'),
    )
    expect(ended.params.turn).to.include({ id: turn.id, status: 'completed' })
    expect(infos.map(({ pid, fresh }) => [pid, fresh])).to.deep.equal([
      [infos[0]?.pid, true],
      [infos[0]?.pid, false],
    ])
    expect(second.binary).to.equal(lab.codex.path)
  })

  it('brings a fresh one when it is killed in the middle of a turn', async () => {
    await open()
    const supervisor = keep()
    const link = await ready(supervisor)
    const { thread } = await link.request('thread/start', {})
    await link.request('turn/start', { threadId: thread.id, input: textInput('hold') })
    const killed = pidNow()
    process.kill(killed, 'SIGKILL')
    await eventually('the next link', () => infos.length === 2)
    // Its listener may outlive its connections by a moment, in which a try to link to it fails.
    expect(story.filter((line) => line !== 'trouble')).to.deep.equal(['ready', 'down: lost', 'ready'])
    expect(infos.map(({ fresh }) => fresh)).to.deep.equal([true, true])
    expect(pidNow()).not.to.equal(killed)
  })

  it('links again at once when only the link ended', async () => {
    await open({ fake: [] })
    const supervisor = keep({ backOff: { ...fast, firstMs: 60_000 } })
    const link = await ready(supervisor)
    link.close()
    await eventually('the next link', () => story.length === 3)
    expect(story).to.deep.equal(['ready', 'down: closed', 'ready'])
    expect(infos[1]).to.deep.equal({ ...infos[0], fresh: false })
  })

  it('replaces one that runs and cannot be connected to any more', async () => {
    await open({ fake: [] })
    const supervisor = keep({ unreachableMs: 100 })
    const link = await ready(supervisor)
    const swept = pidNow()
    await rm(lab.place.socketPath)
    link.close()
    await eventually('the next link', () => story.length === 3)
    expect([infos[1]?.fresh, pidNow() === swept]).to.deep.equal([true, false])
  })

  it('reaches the one whose link went with its folder, from another folder too, and not one of which nothing is known', async () => {
    await open()
    const first = keep()
    await ready(first)
    const old = pidNow()
    await first.close()
    await rm(lab.place.socketPath)
    const second = keep({ socketPath: `${lab.place.socketPath}-elsewhere` })
    await ready(second)
    expect([pidNow(), infos.at(-1)?.fresh]).to.deep.equal([old, false])
    await second.close()
    // As one has left it that kept its record in the folder that went.
    await rm(lab.place.recordPath)
    await ready(keep())
    expect([pidNow() === old, existsSync(`/proc/${old}`), infos.at(-1)?.fresh]).to.deep.equal([false, false, true])
  })

  it('starts another at once when the one it waits for to listen ends instead', async () => {
    await open({ fake: [] })
    const doomed = spawn('sleep', ['1.5'])
    await once(doomed, 'spawn')
    await writeProcessRecord(lab.place.recordPath, { pid: doomed.pid ?? 0, version: '0' })
    await ready(keep({ unreachableMs: 60_000 }))
    expect([story, doomed.exitCode]).to.deep.equal([['ready'], 0])
  })

  it('replaces one that runs and does not answer, after three tries', async () => {
    await open({ fake: ['silent'] })
    const stuck = await startAppServer({ ...lab.place, codex: lab.codex, version: '0' })
    const supervisor = keep({ timeoutMs: 1500, findCodex: async () => fakeCodex() })
    await ready(supervisor)
    expect([story, await stuck.isRunning()]).to.deep.equal([['trouble', 'trouble', 'trouble', 'ready'], false])
  })

  it('calls it degraded when it fails five times, and tries at once when asked to', async () => {
    await open({ fake: ['fail'] })
    let codex = lab.codex
    const supervisor = keep({ backOff: { ...fast, firstMs: 1 }, findCodex: async () => codex })
    await eventually('degraded', () => supervisor.state === 'degraded')
    expect(story).to.deep.equal(Array(5).fill('trouble'))
    expect(supervisor.problem).to.contain('Error: the fake was told to fail').and.contain('app-server.log')
    expect(supervisor.binary).to.equal(codex.path)
    codex = fakeCodex()
    supervisor.retryNow()
    await ready(supervisor)
    expect([supervisor.state, supervisor.problem]).to.deep.equal(['ready', null])
  })

  it('calls it degraded at once when there is no Codex that can be used', async () => {
    await open({ fake: [`version=${oldestCodex.replace(/\.(\d+)\./, '.1.')}`] })
    const supervisor = keep()
    await eventually('trouble', () => story.length > 0)
    expect([story, supervisor.state]).to.deep.equal([['trouble'], 'degraded'])
    expect(supervisor.problem).to.match(/^Codex \S+ is too old: /)
  })

  it('counts a crash soon after each start as one more failure in a row', async () => {
    await open({ fake: ['exit-after-60'] })
    const supervisor = keep({ backOff: { ...fast, firstMs: 1 } })
    await eventually('degraded', () => supervisor.state === 'degraded')
    expect(story.filter((line) => line !== 'ready')).to.have.lengthOf(5)
  })

  it('says what to do when there is no Codex, and takes one that was installed meanwhile', async () => {
    await open({ fake: [] })
    let installed = false
    const supervisor = keep({
      findCodex: async () => {
        if (!installed) throw new ShareError('unavailable', 'There is no `codex` on PATH.', { hint: 'Install it.' })
        return lab.codex
      },
    })
    await eventually('the problem', () => supervisor.problem)
    expect(supervisor.problem).to.equal('There is no `codex` on PATH. Install it.')
    installed = true
    await ready(supervisor)
  })

  it('does not link to an app-server that is too old', async () => {
    await open({ fake: ['version=0.99.0'] })
    await startAppServer({ ...lab.place, codex: lab.codex, version: '0.99.0' })
    const supervisor = keep()
    await eventually('the problem', () => supervisor.problem)
    expect(supervisor.problem).to.match(
      /^Codex 0\.99\.0 is too old: codex-share needs 0\.169\.0 or newer\. Update Codex/,
    )
  })

  it('only connects when somebody else keeps the app-server', async () => {
    await open({ fake: [] })
    const supervisor = keep({ spawn: false, backOff: { firstMs: 20, longestMs: 50, degradedAfter: 1_000 } })
    await eventually('trouble', () => story.length >= 2)
    expect(supervisor.problem).to.contain('nobody listens there').and.contain('service status')
    const appServer = await startAppServer({ ...lab.place, codex: lab.codex, version: '0' })
    await ready(supervisor)
    await supervisor.close({ stopAppServer: true })
    expect([infos[0]?.pid, await appServer.isRunning()]).to.deep.equal([null, true])
  })

  it('knows a new run of an app-server that somebody else keeps', async () => {
    await open({ fake: [] })
    const options = { ...lab.place, codex: lab.codex, version: '0' }
    const first = await startAppServer(options)
    await ready(keep({ spawn: false }))
    await kept[0]?.close()
    await ready(keep({ spawn: false }))
    await kept[1]?.close()
    await first.stop()
    await startAppServer(options)
    await ready(keep({ spawn: false }))
    expect(infos.map(({ fresh }) => fresh)).to.deep.equal([true, false, true])
  })

  it('stops the app-server on the way out when told, and only then', async () => {
    await open()
    const first = keep()
    await ready(first)
    await first.close()
    const second = keep()
    await ready(second)
    await second.close({ stopAppServer: true })
    await second.close()
    // It has ended; that it is nobody's child any more takes its parent, this process, a moment.
    await eventually('it is gone', () => !isThere(pidNow()))
    expect(story).to.deep.equal(['ready', 'ready'])
  })

  it('ends at once while it waits for the next try', async () => {
    await open({ fake: ['fail'] })
    const supervisor = keep({ backOff: { ...fast, firstMs: 60_000 } })
    await eventually('trouble', () => story.length === 1)
    await supervisor.close()
    expect(story).to.deep.equal(['trouble'])
  })

  it('says that config.toml is broken, which Codex itself only mutters', async () => {
    await open()
    await writeFile(join(lab.folder, 'codex', 'config.toml'), 'model = [broken')
    const supervisor = keep()
    await ready(supervisor)
    // Told by a notification, in no order with the replies that make it ready.
    await eventually('the problem', () => supervisor.problem)
    expect(supervisor.problem).to.match(/^Invalid configuration.*config\.toml:1:\d+.*Correct it, then/)
  })

  it('says that nobody is logged in, and stops saying so when somebody is', async () => {
    await open()
    await writeFile(join(lab.folder, 'codex', 'config.toml'), '')
    const supervisor = keep({ env: () => ({ ...lab.place.env, OPENAI_API_KEY: undefined, CODEX_API_KEY: undefined }) })
    const link = await ready(supervisor)
    expect(supervisor.info?.account).to.equal(null)
    expect(supervisor.problem).to.match(/^Codex is not logged in: run `codex login`/)
    await link.forward('account/login/start', { type: 'apiKey', apiKey: 'sk-of-nobody' })
    await eventually('the account', () => supervisor.info?.account === 'apiKey')
    expect(supervisor.problem).to.equal(null)
  })
})

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
