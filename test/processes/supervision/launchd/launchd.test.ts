/** The agents driven through a scripted launchd, which starts and ends them for real. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Places } from '../../../../src/platform/places/resolve-places.ts'
import { darwinSystem } from '../../../../src/platform/system/darwin.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { findManager } from '../../../../src/supervision/find-manager.ts'
import { installedService } from '../../../../src/supervision/installed-service.ts'
import { launchdControl } from '../../../../src/supervision/launchd/launchd-control.ts'
import type { ServiceFacts } from '../../../../src/supervision/service-facts.ts'
import type { ServiceControl } from '../../../../src/supervision/service-manager.ts'
import { launchdLabels } from '../../../../src/supervision/service-units.ts'
import { ScriptedLaunchd } from '../../../support/mac/launchd.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

const { daemon, appServer } = launchdLabels
const program = join(import.meta.dirname, '../../../support/mac/program.mjs')
const asIs = { hardened: undefined }
const uid = process.getuid?.()

describe('Driving launchd', function () {
  this.timeout(60_000)
  let scratch: Scratch
  let launchd: ScriptedLaunchd
  let env: NodeJS.ProcessEnv
  let places: Places
  let facts: ServiceFacts
  let control: ServiceControl

  beforeEach(() => {
    scratch = makeScratch()
    const home = join(scratch.dir, 'Ren\u0065\u0301 & co')
    const data = join(home, 'Library/Application Support/codex-share')
    for (const folder of [data, join(scratch.dir, 'log')]) mkdirSync(folder, { recursive: true })
    launchd = new ScriptedLaunchd({ dir: scratch.dir, home, agentEnv: { PROGRAM_FOLDER: scratch.dir } })
    env = { HOME: home, PATH: `${launchd.bin}:/usr/bin:/bin`, ...launchd.env }
    places = {
      configDir: join(home, 'Library/Preferences/codex-share'),
      runtimeDir: data,
      daemonSocket: join(data, 'daemon.sock'),
      appServerSocket: join(data, 'app-server.sock'),
      daemonLog: join(scratch.dir, 'log/daemon.log'),
      appServerLog: join(scratch.dir, 'log/app-server.log'),
    } as Places
    const codex = { path: process.execPath, args: [program], env: {}, source: 'path' } as const
    const node = process.execPath
    facts = { node, program, codex, codexVersion: '1', places, variables: {}, path: '/usr/bin:/bin', locale: {} }
    control = launchdControl(env, places)
  })

  afterEach(async () => {
    await launchd.close()
    scratch.remove()
  })

  const manager = () => findManager(env, places, darwinSystem())
  const install = () => manager().install(facts, asIs)
  const said = (name: string) => {
    const file = join(scratch.dir, name)
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  }
  const wish = (name: string, text: string) => writeFileSync(join(scratch.dir, name), text)
  const untilStarted = (times: number) => eventually('the daemon runs', () => said('started').length >= times)
  const complaint = (work: Promise<unknown>) =>
    work.then(
      () => 'none',
      (error: unknown) => (error instanceof ShareError ? error.message : String(error)),
    )

  it('loads both agents, once, and starts the daemon alone', async () => {
    expect((await install()).written.map((path) => path.replace(`${env.HOME}`, '~'))).to.deep.equal([
      '~/Library/LaunchAgents/codex-share.daemon.plist',
      '~/Library/LaunchAgents/codex-share.app-server.plist',
    ])
    await untilStarted(1)
    expect(launchd.pidOf(appServer), 'the daemon asks for it').to.equal(null)
    const calls = launchd.calls.length
    expect((await install()).written).to.deep.equal([])
    expect(launchd.calls.slice(calls)).to.deep.equal([])
    expect((await manager().status()).map(({ state }) => state)).to.deep.equal(['inactive', 'active'])
    expect(installedService(env, places, darwinSystem()), 'in a path that XML has to write otherwise').to.equal(
      'launchd',
    )
  })

  it('loads a changed agent again although the old one takes longer to end than launchd says', async () => {
    await install()
    await untilStarted(1)
    wish('end', '16000')
    const before = launchd.pidOf(daemon)
    facts = { ...facts, path: '/bin' }
    expect((await install()).written).to.have.lengthOf(2)
    await untilStarted(2)
    expect(launchd.pidOf(daemon)).to.not.equal(before)
    expect((await manager().status()).map(({ problem }) => problem)).to.deep.equal([null, null])
  })

  it('sees that what is loaded is older than what is written, and loads that', async () => {
    await install()
    await untilStarted(1)
    facts = { ...facts, path: '/bin' }
    for (const { path, text } of manager().files(facts, asIs)) writeFileSync(path, text)
    expect((await manager().status())[1]?.problem).to.match(/^loaded from an older file/)
    await install()
    await untilStarted(2)
    expect((await manager().status())[1]?.problem).to.equal(null)
  })

  it('takes an agent that does not run, or is not loaded, for stopped', async () => {
    await install()
    await untilStarted(1)
    await control.stopDaemon()
    expect(launchd.pidOf(daemon)).to.equal(null)
    await control.stopDaemon()
    await control.stopAppServer()
    await manager().uninstall()
    await control.stopDaemon()
    await control.stopAppServer()
  })

  it('restarts the daemon by asking it to end, and never by killing it', async () => {
    await install()
    await untilStarted(1)
    await control.restartDaemon()
    await untilStarted(2)
    expect(said('signals')).to.include('SIGTERM')
    expect(launchd.calls.filter((call) => call.startsWith('kickstart'))).to.deep.equal([
      `kickstart gui/${uid}/${daemon}`,
    ])
  })

  it('keeps a daemon stopped that dies of the signal instead of ending by it', async () => {
    await install()
    await untilStarted(1)
    process.kill(launchd.pidOf(daemon) ?? 0, 'SIGKILL')
    await control.stopDaemon()
    expect([launchd.pidOf(daemon), launchd.domainsOf(daemon)]).to.deep.equal([null, []])
    await control.startDaemon()
    await untilStarted(2)
  })

  it('ends an app-server that comes to an end only when it is asked twice', async () => {
    await install()
    wish('end', '0 2')
    await control.startAppServer()
    await eventually('it runs', () => said('started').some((line) => line.startsWith('app-server')))
    const pid = launchd.pidOf(appServer)
    expect(await control.appServerPid()).to.equal(pid)
    await control.stopAppServer()
    expect(launchd.pidOf(appServer)).to.equal(null)
    await control.startAppServer()
    await control.restartAppServer()
    expect(await control.appServerPid()).to.be.a('number')
  })

  it('ends an app-server that does not end at all, and has it back when it is wanted', async () => {
    await install()
    wish('end', '0 1000000')
    await control.startAppServer()
    await eventually('it runs', () => said('started').some((line) => line.startsWith('app-server')))
    await control.stopAppServer()
    expect(launchd.pidOf(appServer)).to.equal(null)
    await control.startAppServer()
    expect(await control.appServerPid()).to.be.a('number')
  })

  it('loads agents whose labels were disabled', async () => {
    for (const label of [daemon, appServer]) launchd.disabled.add(label)
    await install()
    await untilStarted(1)
  })

  it('keeps to the domain in which the agents are, and finds them there', async () => {
    launchd.gui = false
    await install()
    launchd.gui = true
    await install()
    expect([daemon, appServer].map((label) => launchd.domainsOf(label))).to.deep.equal([
      [`user/${uid}`],
      [`user/${uid}`],
    ])
    await untilStarted(1)
    expect((await manager().status())[1]).to.include({ state: 'active', enabled: true })
    await control.restartDaemon()
    await untilStarted(2)
    expect((await manager().uninstall()).problem).to.equal(null)
    expect([daemon, appServer].flatMap((label) => launchd.domainsOf(label))).to.deep.equal([])
  })

  it('removes a pair in each domain', async () => {
    launchd.gui = false
    await install()
    launchd.gui = true
    for (const path of manager().paths()) launchd.load(`gui/${uid}`, path)
    expect(launchd.domainsOf(daemon)).to.have.lengthOf(2)
    const { removed, problem } = await manager().uninstall()
    expect([removed.length, problem]).to.deep.equal([2, null])
    expect(launchd.domainsOf(daemon)).to.deep.equal([])
    expect(existsSync(join(`${env.HOME}`, 'Library/LaunchAgents'))).to.equal(false)
  })

  it('says why a daemon fails again and again, and not when it failed once', async () => {
    await install()
    await untilStarted(1)
    wish('fail', 'no disk')
    expect(await control.daemonFailure()).to.equal(null)
    process.kill(launchd.pidOf(daemon) ?? 0, 'SIGKILL')
    await untilStarted(2)
    await eventually('it is known', async () => (await control.daemonFailure()) === 'exit code 1: no disk')
  })

  it('is refused under sudo', async function () {
    if (uid !== 0) this.skip() // Only root is what sudo makes of somebody.
    env = { ...env, SUDO_USER: 'ada' }
    expect(await complaint(manager().assertUsable())).to.match(/per user, and under sudo/)
  })

  it('is refused where launchd does not answer', async () => {
    env = { ...env, PATH: '/usr/bin:/bin' }
    expect(await complaint(manager().assertUsable())).to.equal('launchd does not answer for this user')
  })
})
