/** The built program under a scripted launchd, which it takes for a Mac's: the service, from installing to uninstalling. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { launchdLabels } from '../../../src/supervision/service-units.ts'
import { type MacSite, makeMacSite, program as run } from '../../support/mac/mac-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const { daemon, appServer } = launchdLabels

describe('The service under launchd', function () {
  this.timeout(120_000)
  let mac: MacSite
  let tail: ChildProcess | undefined
  let told = ''

  before(async () => {
    mac = await makeMacSite()
  })

  after(() => {
    tail?.kill()
    return mac?.close()
  })

  const settings = () => join(mac.home, 'Library/Preferences/codex-share/config.json')
  const write = (file: string, text: string) => {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text, { mode: 0o600 })
  }
  /** `post` without waiting, whose answer goes on until the model is told. */
  const hold = async (gate: string): Promise<string> => {
    const { threadId } = await mac.json('start')
    await mac.json('post', '--thread', threadId, '--no-wait', '--prompt', `hold ${gate}`)
    return threadId
  }
  const answers = async (threadId: string) => {
    const { stdout } = await mac.share('get', '--thread', threadId, '--json')
    return stdout.includes('After the hold.')
  }

  /** `tail`, which adds to `told`. */
  const follow = (threadId: string): ChildProcess => {
    const child = spawn(process.execPath, [run, 'tail', '--thread', threadId, '--from', '1', '--json'], {
      env: mac.env,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    told = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      told += text
    })
    tail = child
    return child
  }

  it('is installed, and runs where a Mac has such things', async () => {
    const { status, stdout, stderr } = await mac.share('service', 'install')
    expect(status, stderr).to.equal(0)
    expect(stdout).to.include(`Wrote ${mac.home}/Library/LaunchAgents/codex-share.daemon.plist\n`)
    const { daemon: running, appServer: codex } = await mac.json('daemon', 'status')
    expect(running).to.include({ pid: launchd(daemon) })
    expect(running.endpoint).to.equal(`unix://${mac.home}/Library/Application Support/codex-share/run/daemon.sock`)
    await eventually('the app-server runs', () => launchd(appServer) !== null)
    expect([null, launchd(appServer)]).to.include(codex.pid)
    await eventually('all is well', async () => (await mac.share('service', 'status')).status === 0)
    expect((await mac.share('service', 'install')).stdout).to.match(/^All was installed as it should be\.\n/)
  })

  const launchd = (label: string) => mac.launchd.pidOf(label)

  it('knows by the kernel who connects, and lets a follower leave with its reader', async () => {
    const threadId = await hold('who')
    const child = follow(threadId)
    await eventually('it is followed', () => told.includes('Before the hold.'))
    const peers: { pid: number; rights: string }[] = await mac.json('who', '--thread', threadId)
    expect(peers.find(({ pid }) => pid === child.pid)).to.include({ rights: 'full' })
    const ended = once(child, 'exit')
    child.stdout?.destroy()
    await ended
    mac.model.release('who')
    await eventually('the turn has ended', () => answers(threadId))
  })

  it('restarts the daemon while a turn runs, and loses nothing', async () => {
    const threadId = await hold('restart')
    follow(threadId)
    await eventually('the answer is followed', () => told.includes('Before the hold.'))
    const [before, codex] = [launchd(daemon), launchd(appServer)]
    const { status, stderr } = await mac.share('daemon', 'restart')
    expect(status, stderr).to.equal(0)
    expect(launchd(daemon)).to.not.equal(before)
    expect(launchd(appServer)).to.equal(codex)
    mac.model.release('restart')
    await eventually('the end is followed', () => told.includes('turn/completed'))
    const ids = told
      .trim()
      .split('\n')
      .map((line) => Number(JSON.parse(line).id))
    expect(ids).to.deep.equal([...new Set(ids)].sort((a, b) => a - b))
  })

  it('has the daemon back when it was killed', async () => {
    const before = launchd(daemon)
    process.kill(before ?? 0, 'SIGKILL')
    await eventually('another runs', () => launchd(daemon) !== null && launchd(daemon) !== before)
    expect((await mac.share('list')).status).to.equal(0)
  })

  it('has the app-server back when it was killed', async () => {
    const before = launchd(appServer)
    process.kill(before ?? 0, 'SIGKILL')
    await eventually('another runs', () => launchd(appServer) !== null && launchd(appServer) !== before)
    const { threadId } = await mac.json('start')
    expect((await mac.share('post', '--thread', threadId, '--prompt', 'hello')).stdout).to.include('You said: hello')
  })

  it('gives the app-server variables of one’s own, and the agents a language', async () => {
    write(join(mac.home, 'Library/Preferences/codex-share/app-server.env'), "KEY_OF_MINE='two words'\n")
    expect((await mac.share('daemon', 'restart', '--app-server')).stderr).to.include('app-server.env')
    const { threadId } = await mac.json('start')
    const { stdout } = await mac.share('post', '--thread', threadId, '--prompt', 'run echo "[$KEY_OF_MINE $LANG]"')
    expect(stdout).to.include('[two words C.UTF-8]')
  })

  it('stays down when it refuses to start, and every command says why', async () => {
    await mac.share('daemon', 'stop')
    write(settings(), '{ "limits": { "connections": "many" } }')
    const runs = () => mac.launchd.runsOf(daemon)
    const first = await mac.share('list')
    expect(first.status).to.equal(5)
    expect(first.stderr).to.include('limits.connections')
    const before = runs()
    const status = await mac.share('daemon', 'status')
    expect([status.status, status.stderr.includes('limits.connections')]).to.deep.equal([5, true])
    const service = await mac.share('service', 'status')
    expect(service.status).to.equal(5)
    expect(service.stdout).to.match(/codex-share\.daemon: failed, .*limits\.connections/)
    const doctor = await mac.share('doctor')
    expect(doctor.stdout).to.include('limits.connections')
    expect(runs(), 'it was not started by looking, nor again and again').to.equal(before)
    rmSync(settings())
    expect((await mac.share('list')).status).to.equal(0)
    expect(mac.log('daemon.stderr.log'), 'what is in it is about the present').to.equal('')
    expect(mac.log('daemon.log')).to.include('daemons before this one ended with an error')
  })

  it('ends all at once, also in the middle of a turn', async () => {
    await hold('never')
    const pids = [launchd(daemon), launchd(appServer)]
    const { status, stdout } = await mac.share('daemon', 'stop', '--all', '--json')
    expect(status).to.equal(0)
    expect(JSON.parse(stdout)).to.include({ daemonPid: pids[0], appServerPid: pids[1] })
    expect([launchd(daemon), launchd(appServer)]).to.deep.equal([null, null])
    for (const pid of pids) expect(existsSync(`/proc/${pid}`)).to.equal(false)
    expect((await mac.share('daemon', 'stop', '--all')).status).to.equal(0)
  })

  it('is well in the doctor’s eyes', async () => {
    await mac.share('daemon', 'start')
    await eventually('it finds nothing', async () => {
      const { checks } = JSON.parse((await mac.share('doctor', '--json')).stdout)
      const { findings } = checks.find(({ check }: { check: string }) => check === 'Service')
      return findings.length === 1 && findings[0].what === 'installed, enabled and active'
    })
  })

  it('goes through its life by the script that is for a real Mac', async () => {
    await mac.share('service', 'uninstall')
    const program = join(mac.home, 'codex-share')
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${run}' "$@"\n`, { mode: 0o755 })
    const script = join(import.meta.dirname, '../../../.ci/try-service')
    const child = spawn('bash', [script], { env: { ...mac.env, CODEX_SHARE: program }, stdio: 'pipe' })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
    await once(child, 'close')
    expect(said).to.match(/The service works\.\n$/)
    await mac.share('service', 'install')
  })

  it('leaves nothing behind but the data', async () => {
    const { status, stdout } = await mac.share('service', 'uninstall')
    expect(status).to.equal(0)
    expect(stdout.match(/^Removed /gm)).to.have.lengthOf(2)
    expect([daemon, appServer].flatMap((label) => mac.launchd.domainsOf(label))).to.deep.equal([])
    expect(existsSync(join(mac.home, 'Library/LaunchAgents'))).to.equal(false)
  })
})
