/** `service install` and what it is for, under a real systemd user manager, on the real Codex. */
import { existsSync, lstatSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { NoSystemd } from '../../support/system/systemd-namespaces.ts'
import { ourProgram } from '../../support/system/user-inside.ts'
import { makeSystemdUser, type SystemdUser } from '../../support/system/user-systemd.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const units = ['codex-share.socket', 'codex-share.service', 'codex-share-app-server.service']
const daemon = 'codex-share.service'
const appServer = 'codex-share-app-server.service'

describe('The service under systemd', function () {
  this.timeout(60_000)
  let user: SystemdUser

  before(async function () {
    try {
      user = await makeSystemdUser()
    } catch (error) {
      if (!(error instanceof NoSystemd)) throw error
      process.stderr.write(`  The service under systemd is not tested here: ${error.message}\n`)
      this.skip()
    }
  })

  after(() => user?.close())

  const states = () => Promise.all(units.map((unit) => user.property(unit, 'ActiveState')))
  const pidOf = (unit: string) => user.property(unit, 'MainPID')

  /** Starts a turn that goes on until `user.model.release(gate)`. */
  async function holdTurn(gate: string): Promise<{ peer: TestPeer; threadId: string; turnId: string }> {
    const peer = await user.connect()
    const threadId = await peer.startThread(undefined, '/run/home/work')
    await peer.follow(threadId)
    const { turn } = await peer.submit(threadId, `hold ${gate}`)
    await eventually('the answer begins', () => JSON.stringify(peer.events).includes('Before the hold.'))
    return { peer, threadId, turnId: turn.id }
  }

  /** Connects again and waits for the end of the turn, with everything since the beginning. */
  async function turnEnd(threadId: string, turnId: string): Promise<{ status: string; text: string }> {
    const peer = await user.connect()
    await peer.follow(threadId, 0)
    const status = await peer.turnEnd(turnId)
    return { status, text: JSON.stringify(peer.events) }
  }

  it('shows what it would write, and writes nothing', async () => {
    const { status, stdout } = await user.share('service', 'install', '--dry-run')
    expect(status).to.equal(0)
    for (const unit of units) expect(stdout).to.include(`# /run/home/.config/systemd/user/${unit} (absent)`)
    expect(lstatSync(user.units, { throwIfNoEntry: false })).to.equal(undefined)
  })

  it('refuses to write over a unit that is somebody else’s', async () => {
    await user.ok('mkdir', '-p', '/run/home/.config/systemd/user')
    await user.ok('ln', '-s', '/dev/null', `/run/home/.config/systemd/user/${daemon}`)
    const { status, stderr } = await user.share('service', 'install')
    expect({ status, stderr }).to.deep.equal({
      status: 9,
      stderr: `Error: /run/home/.config/systemd/user/${daemon} is masked\nUnmask it first: \`systemctl --user unmask\` and its name.\n`,
    })
    await user.ok('rm', `/run/home/.config/systemd/user/${daemon}`)
  })

  it('takes the place of a daemon that was started on demand, but not while a turn runs', async () => {
    await user.share('daemon', 'start')
    const { threadId, turnId } = await holdTurn('install')
    const refused = await user.share('service', 'install')
    expect(refused.status).to.equal(3)
    user.model.release('install')
    expect((await turnEnd(threadId, turnId)).status).to.equal('completed')
    const { status, stdout } = await user.share('service', 'install')
    expect(status).to.equal(0)
    expect(stdout).to.match(/^Wrote .*codex-share\.socket\n/)
    expect(await states()).to.deep.equal(['active', 'active', 'active'])
    const { stdout: told } = await user.share('get', '--thread', threadId, '--json')
    expect(told).to.include('After the hold.')
    expect((await user.ok('pgrep', '-u', 'tester', '-f', 'daemon run')).trim()).to.equal(await pidOf(daemon))
  })

  it('has units that systemd itself finds nothing to say about', async () => {
    const { status, stderr } = await user.run(
      ...(['systemd-analyze', '--user', 'verify', '--recursive-errors=no'] as const),
      ...units.map((unit) => `/run/home/.config/systemd/user/${unit}`),
    )
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' })
  })

  it('is well in the doctor’s eyes, until Node has moved', async () => {
    const looked = async () => {
      const { stdout } = await user.share('doctor', '--json')
      const { checks }: { checks: { check: string; findings: { level: string; what: string }[] }[] } =
        JSON.parse(stdout)
      const findings = checks.flatMap(({ check, findings }) => (check === 'Service' ? findings : []))
      return findings.map(({ level, what }) => `${level}: ${what}`)
    }
    const lingering = 'note: it ends at your last logout'
    expect(await looked()).to.deep.equal(['ok: installed, enabled and active', lingering])
    const unit = `/run/home/.config/systemd/user/${daemon}`
    await user.ok('sed', '-i', 's|^ExecStart=\\S*|ExecStart=/old/node|', unit)
    expect(await looked()).to.deep.equal(['problem: /old/node is gone, and the service needs it', lingering])
    const mended = await user.share('service', 'install')
    expect(mended.stdout).to.include(`Wrote ${unit}\n`)
    expect(await looked()).to.deep.equal(['ok: installed, enabled and active', lingering])
  })

  it('changes nothing when it is done again', async () => {
    const pids = [await pidOf(daemon), await pidOf(appServer)]
    const { status, stdout } = await user.share('service', 'install')
    expect(status).to.equal(0)
    expect(stdout).to.match(/^All was installed as it should be\.\n/)
    expect([await pidOf(daemon), await pidOf(appServer)]).to.deep.equal(pids)
  })

  it('listens on Unix sockets only, in a folder that is the user’s alone', async () => {
    for (const name of ['daemon.sock', 'codex.sock'])
      expect(lstatSync(user.seen(`/run/user/60111/codex-share/${name}`)).mode & 0o777).to.equal(0o600)
    const pid = await pidOf(daemon)
    // As the kernel has it: of the descriptors that are sockets, none is of the internet's families.
    expect(await user.inetSockets(pid)).to.deep.equal([])
    expect(lstatSync(user.seen('/run/user/60111/codex-share')).mode & 0o777).to.equal(0o700)
  })

  it('posts, and shows the journal', async () => {
    const started = await user.share('start', '--cwd', '/run/home/work', '--json')
    const { threadId }: { threadId: string } = JSON.parse(started.stdout)
    const posted = await user.share('post', '--thread', threadId, '--prompt', 'good morning')
    expect(posted.status).to.equal(0)
    expect(posted.stdout).to.include('You said: good morning')
    await eventually('the journal has it', async () => {
      const { stdout } = await user.share('daemon', 'logs', '--since', '10m')
      return / info {2}linked to the Codex app-server /.test(stdout)
    })
  })

  it('brings a killed daemon back, with the turn unharmed and nobody refused', async () => {
    const { peer, threadId, turnId } = await holdTurn('kill')
    const [before, server] = [await pidOf(daemon), await pidOf(appServer)]
    const since = performance.now()
    await user.signal('KILL', before)
    await eventually('the peer notices', () => peer.closed)
    const next = await user.connect()
    const took = performance.now() - since
    // 2 s are promised, of a machine that has time for it.
    expect(took).to.be.below(10_000)
    expect(next.hello.pid).to.equal(Number(await pidOf(daemon)))
    user.model.release('kill')
    const { status, text } = await turnEnd(threadId, turnId)
    expect([status, await pidOf(appServer)]).to.deep.equal(['completed', server])
    expect(text).to.include('Before the hold. ').and.to.include('After the hold.')
  })

  it('lets a turn run to its end over a restart', async () => {
    const { threadId, turnId } = await holdTurn('restart')
    const before = await pidOf(daemon)
    const now = (await user.ok('date', '+%s')).trim()
    const another = `/the daemon serves/{/"pid":${before},/!{p;q}}`
    const follow = `"$@" daemon logs --json --follow --since @${now} | sed --unbuffered --quiet '${another}'`
    const followed = user.ok('sh', '-c', follow, 'sh', ...ourProgram)
    await user.ok('systemctl', '--user', 'restart', daemon)
    user.model.release('restart')
    const { status, text } = await turnEnd(threadId, turnId)
    expect(status).to.equal('completed')
    expect(text).to.include('Before the hold. ').and.to.include('After the hold.')
    expect(await pidOf(daemon)).to.not.equal(before)
    expect(await followed).to.include(`"pid":${await pidOf(daemon)},`)
  })

  it('has the manager replace the app-server, and says whose environment that is', async () => {
    const before = await pidOf(appServer)
    const { stderr } = await user.share('daemon', 'restart', '--app-server')
    expect(await pidOf(appServer)).to.not.equal(before)
    expect(stderr).to.contain(` now (pid ${await pidOf(appServer)})`)
    expect(stderr).to.contain('systemctl --user edit codex-share-app-server.service')
  })

  it('takes twenty restarts in a row, and refuses none of the clients that knock meanwhile', async () => {
    let [knocked, over] = [0, false]
    const knocking = (async () => {
      const queued = new Set<Promise<unknown>>()
      while (!over) {
        for (const socket of ['daemon.sock', 'codex.sock'] as const) {
          const { taken } = await user.knock(socket)
          queued.add(taken)
          void taken.then(() => queued.delete(taken))
        }
        knocked += 1
        // The kernel's queue has 511 places, and during a restart nobody takes from it.
        if (queued.size > 300) await Promise.race(queued)
        await delay(5)
      }
    })()
    for (let count = 0; count < 20; count += 1) await user.ok('systemctl', '--user', 'restart', daemon)
    over = true
    await knocking
    expect(knocked).to.be.above(50)
    expect(await states()).to.deep.equal(['active', 'active', 'active'])
  })

  it('brings a killed app-server back, with its turn closed as failed', async () => {
    const { peer, threadId, turnId } = await holdTurn('never')
    const since = performance.now()
    await user.signal('KILL', await pidOf(appServer))
    expect(await peer.turnEnd(turnId)).to.equal('failed')
    const { turn } = await peer.submit(threadId, 'are you there?')
    expect(await peer.turnEnd(turn.id)).to.equal('completed')
    expect(performance.now() - since).to.be.below(15_000)
  })

  it('brings the app-server back also when systemd has given up', async () => {
    // It would ask for another at once, and systemd would begin to count anew.
    const asking = await pidOf(daemon)
    await user.signal('STOP', asking)
    await eventually('systemd has given up', async () => {
      await user.run('systemctl', '--user', 'kill', '--signal=KILL', appServer)
      return (await user.property(appServer, 'ActiveState')) === 'failed'
    })
    await user.signal('CONT', asking)
    const peer = await user.connect()
    const threadId = await peer.startThread(undefined, '/run/home/work')
    await peer.follow(threadId)
    const { turn } = await peer.submit(threadId, 'once more')
    expect(await peer.turnEnd(turn.id)).to.equal('completed')
  })

  it('ends a daemon that hangs, says so, and starts another', async () => {
    await user.ok('mkdir', '-p', `/run/home/.config/systemd/user/${daemon}.d`)
    const dropIn = join(user.units, `${daemon}.d/test.conf`)
    const preload = 'NODE_OPTIONS=--import=/run/home/hang.mjs'
    writeFileSync(join(user.home, 'hang.mjs'), 'process.on("SIGUSR2", () => { for (;;); })\n')
    writeFileSync(dropIn, `[Service]\nEnvironment=CODEX_SHARE_WATCHDOG_SECONDS=2 ${preload}\n`)
    await user.ok('systemctl', '--user', 'daemon-reload')
    await user.ok('systemctl', '--user', 'restart', daemon)
    await (await user.connect()).call('share/status', {})
    const pid = await pidOf(daemon)
    await user.signal('USR2', pid)
    await eventually('another daemon', async () => {
      const now = await pidOf(daemon)
      return now !== '0' && now !== pid
    })
    await eventually('the journal has it', async () => {
      const { stdout } = await user.share('daemon', 'logs', '--since', '1m')
      return stdout.includes('the event loop stood still: the watchdog ends the daemon')
    })
    await user.ok('rm', '-r', `/run/home/.config/systemd/user/${daemon}.d`)
    await user.ok('systemctl', '--user', 'daemon-reload')
  })

  it('is not started again and again when it refuses to run, and every command says why', async () => {
    await user.ok('mkdir', '-p', '/run/home/.config/codex-share')
    writeFileSync(join(user.home, '.config/codex-share/config.json'), '{ "limits": { "connections": -1 } }')
    await user.run('systemctl', '--user', 'restart', daemon)
    const { status, stderr } = await user.share('list')
    expect(status).to.equal(5)
    expect(stderr).to.match(/config\.json is not valid at limits\.connections/)
    const starts = await user.ok('journalctl', '-q', '--user-unit', daemon, '--grep', 'is not valid at', '--output=cat')
    expect(starts.trim().split('\n').length).to.be.below(6)
    await user.ok('rm', '/run/home/.config/codex-share/config.json')
    expect((await user.share('list')).status).to.equal(0)
    expect(await states()).to.deep.equal(['active', 'active', 'active'])
  })

  it('is started by the manager, and by nobody else, when a command finds it stopped', async () => {
    expect((await user.share('daemon', 'stop')).status).to.equal(0)
    expect((await states()).slice(0, 2)).to.deep.equal(['inactive', 'inactive'])
    const results = await Promise.all(Array.from({ length: 10 }, () => user.share('list', '--json')))
    expect(results.map(({ status }) => status)).to.deep.equal(Array.from({ length: 10 }, () => 0))
    expect((await user.ok('pgrep', '-u', 'tester', '-f', 'daemon run')).trim()).to.equal(await pidOf(daemon))
  })

  it('makes its socket anew when that was deleted', async () => {
    await user.ok('rm', '/run/user/60111/codex-share/daemon.sock')
    expect((await user.share('list')).status).to.equal(0)
    expect(await states()).to.deep.equal(['active', 'active', 'active'])
  })

  it('puts restrictions on when asked, and works with them', async () => {
    expect((await user.share('service', 'install', '--hardened')).status).to.equal(0)
    expect(await user.property(appServer, 'NoNewPrivileges')).to.equal('yes')
    const started = await user.share('start', '--cwd', '/run/home/work', '--json')
    const { threadId }: { threadId: string } = JSON.parse(started.stdout)
    const posted = await user.share('post', '--thread', threadId, '--prompt', 'run echo restricted but alive')
    expect(posted.status).to.equal(0)
    expect(posted.stdout).to.include('The command has run.')
    const { status, stdout } = await user.share('service', 'install', '--no-hardened')
    expect(status).to.equal(0)
    expect(stdout).to.match(
      /^Removed .*codex-share\.service\.d\/.*\nRemoved .*app-server\.service\.d\/.*\nThe daemon runs/,
    )
    expect(await user.property(appServer, 'NoNewPrivileges')).to.equal('no')
  })

  it('ends the app-server in order also when it was too busy to hear that it was asked twice', async () => {
    await holdTurn('unheard')
    const pid = await pidOf(appServer)
    await user.signal('STOP', pid)
    const stopped = user.ok('systemctl', '--user', 'stop', ...units)
    await eventually('it is asked', async () => (await user.property(appServer, 'ActiveState')) === 'deactivating')
    await user.signal('CONT', pid)
    await stopped
    const result = await user.property(appServer, 'Result')
    expect([result, (await user.share('list')).status]).to.deep.equal(['success', 0])
  })

  it('ends the daemon first when all is stopped at once, so that it does not ask for another app-server', async () => {
    await user.ok('systemctl', '--user', 'stop', ...units)
    const ended = await Promise.all(
      [daemon, appServer].map(async (unit) => Number(await user.property(unit, 'ExecMainExitTimestampMonotonic'))),
    )
    expect(ended[0]).to.be.below(ended[1] ?? 0)
    expect(await states()).to.deep.equal(['inactive', 'inactive', 'inactive'])
    expect((await user.share('list')).status).to.equal(0)
  })

  it('ends at once while it waits for an app-server that does not come up', async () => {
    await user.ok('mkdir', '-p', `/run/home/.config/systemd/user/${appServer}.d`)
    writeFileSync(join(user.units, `${appServer}.d/test.conf`), '[Service]\nExecStartPre=/bin/sleep 300\n')
    await user.ok('systemctl', '--user', 'daemon-reload')
    await user.signal('KILL', await pidOf(appServer))
    await eventually('the daemon asks for it', async () => {
      const asking = await user.run('pgrep', '-f', `^systemctl --user start ${appServer}`)
      return asking.status === 0
    })
    const since = performance.now()
    await user.ok('systemctl', '--user', 'stop', 'codex-share.socket', daemon)
    expect(performance.now() - since).to.be.below(10_000)
    expect(await user.property(daemon, 'Result')).to.equal('success')
    await user.ok('systemctl', '--user', 'stop', appServer)
    await user.ok('rm', '-r', `/run/home/.config/systemd/user/${appServer}.d`)
    await user.ok('systemctl', '--user', 'daemon-reload')
    expect((await user.share('list')).status).to.equal(0)
  })

  it('says what to do where the program was uninstalled, once, and keeps no client waiting', async () => {
    const copy = 'mkdir app && cd /run/project && cp -r bin dist service package.json oclif.manifest.json /run/home/app'
    await user.ok('sh', '-c', `${copy} && ln -s /run/project/node_modules /run/home/app`)
    await user.ok(ourProgram[0], '/run/home/app/bin/run.js', 'service', 'install')
    const began = (await user.ok('date', '+%s')).trim()
    await user.ok('rm', '-r', '/run/home/app')
    const said = async () => {
      const args = ['--since', `@${began}`, '--grep', 'is gone', '--output=cat']
      const { stdout } = await user.run('journalctl', '-q', '--user-unit', daemon, ...args)
      return stdout.split('\n').filter((line) => line !== '')
    }
    /** The journal may have a line a moment after its process has ended. */
    const saidTimes = async (times: number) => {
      await eventually('the journal has it', async () => (await said()).length >= times)
      expect(await said()).to.have.lengthOf(times)
    }
    const gone = 'Error: /run/home/app/bin/run.js is gone: codex-share was uninstalled or moved.'
    const failed = async () => (await states()).slice(0, 2).join() === 'inactive,failed'

    await user.run('systemctl', '--user', 'restart', daemon)
    await eventually('it has given up, and the socket with it', failed)
    await saidTimes(1)
    // What the journal has, it may not have under the unit's name yet.
    await eventually('the status says why', async () => {
      const { stdout: status } = await user.run('systemctl', '--user', 'status', '--full', daemon)
      return status.includes(gone) && status.includes('To remove the service: systemctl --user disable --now')
    })

    // As at the next login, when something connects.
    await user.ok('systemctl', '--user', 'stop', appServer)
    await user.ok('systemctl', '--user', 'start', 'codex-share.socket')
    await (await user.knock('codex.sock')).taken
    await eventually('it has given up again', failed)
    await saidTimes(2)
    expect(await user.property(appServer, 'ActiveState')).to.equal('inactive')

    const since = performance.now()
    const list = await user.share('list')
    expect([list.status, list.stderr.includes(gone.slice('Error: '.length))]).to.deep.equal([5, true])
    expect(performance.now() - since).to.be.below(8000)
    expect((await user.share('service', 'install')).status).to.equal(0)
    expect(await states()).to.deep.equal(['active', 'active', 'active'])
  })

  it('makes every plain codex a peer, with the person’s environment, and again after a restart', async () => {
    const path = '/run/home/.codex/app-server-control/app-server-control.sock'
    const status = async () => JSON.parse((await user.share('adopt', '--status', '--json')).stdout)
    const listening = async () =>
      eventually('the daemon listens there', async () => (await status()).holder === Number(await pidOf(daemon)))
    const shell = ['env', 'MARK="a b" $c', 'MY_TOKEN=word', ...ourProgram] as const
    const installed = await user.run(...shell, 'service', 'install', '--adopt')
    expect(installed.status, installed.stderr).to.equal(0)
    expect(installed.stdout).to.include('Plain codex: listening')
    expect(installed.stderr).to.include('as they look like secrets: MY_TOKEN')
    await listening()
    const environ = (await user.ok('cat', `/proc/${await pidOf(appServer)}/environ`)).split('\0')
    expect(environ).to.include('MARK="a b" $c')
    expect(environ.join()).not.to.include('word')
    await user.ok('systemctl', '--user', 'restart', daemon)
    await listening()
    await user.signal('KILL', await pidOf(daemon))
    await listening()
    expect((await user.share('daemon', 'stop')).status).to.equal(0)
    expect(existsSync(user.seen(path))).to.equal(false)
    expect((await user.share('list')).status).to.equal(0)
    await listening()
  })

  it('stops both for good within the promised time', async () => {
    const { peer } = await holdTurn('never-again')
    const since = performance.now()
    expect((await user.share('daemon', 'stop', '--all')).status).to.equal(0)
    expect(performance.now() - since).to.be.below(18_000)
    expect(await states()).to.deep.equal(['inactive', 'inactive', 'inactive'])
    await eventually('the peer sees it', () => peer.closed)
  })

  it('leaves nothing behind but the data', async () => {
    await user.share('list')
    // Once the daemon has seen that the turn of before is no more.
    const { stdout } = await eventually('no turn runs', async () => {
      const uninstalled = await user.share('service', 'uninstall')
      return uninstalled.status === 0 && uninstalled
    })
    expect(stdout).to.match(/^Kept: .*\/\.local\/share\/codex-share \(threads and history\)/m)
    expect(lstatSync(user.units, { throwIfNoEntry: false })).to.equal(undefined)
    expect(existsSync(user.seen('/run/home/.codex/app-server-control/app-server-control.sock'))).to.equal(false)
    // What connects these tests ends a moment after the daemon.
    await eventually(
      'no process is left',
      async () => (await user.run('pgrep', '-u', 'tester', '-f', 'codex|run.js')).stdout === '',
    )
    const known = await user.run('systemctl', '--user', 'list-unit-files', 'codex-share*', '--no-legend')
    expect(known.stdout).to.equal('')
    expect(
      readdirSync(user.seen('/run/user/60111/codex-share')).filter((name) => name.endsWith('.sock')),
    ).to.deep.equal([])
    expect((await user.share('list')).status).to.equal(0)
    expect((await user.share('daemon', 'stop', '--all')).status).to.equal(0)
  })
})
