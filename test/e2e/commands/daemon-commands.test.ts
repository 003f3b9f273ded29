/** The daemon comes, goes and comes back under the commands, as built. */
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { readLiveRecord } from '../../../src/platform/processes/process-record.ts'
import { isDelta } from '../../../src/protocol/notifications.ts'
import { type CommandSite, jsonLines, makeCommandSite } from '../../support/sites/command-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

/** Said when it takes a moment, which it may anywhere. */
const isSlow = /^starting the daemon…\n/

/** Events that stay; deltas of finished items do not. */
function lasting(events: readonly Record<string, unknown>[]): string[] {
  return events.filter(({ method }) => !isDelta(String(method))).map(({ id, method }) => `${id} ${method}`)
}

describe('The daemon under the commands', function () {
  this.timeout(90_000)
  let site: CommandSite
  beforeEach(async () => {
    site = await makeCommandSite()
  })
  afterEach(() => site.close())

  it('is one, however many commands start it at once, also over what a killed one left', async () => {
    await site.run('daemon', 'start')
    process.kill(await site.daemonPid(), 'SIGKILL')
    await eventually('it is gone', async () => (await site.run('daemon', 'status')).code === 5)
    // What a starter and a daemon leave that are killed in the middle of it.
    for (const name of ['start.4194999.1.lock', 'bind.4194999.1.lock', 'daemon.sock.4194999.tmp'])
      writeFileSync(join(site.runtimeDir, name), '')
    // Each gives up by itself after ten seconds.
    const results = await Promise.all(Array.from({ length: 20 }, () => site.run('list', '--json')))
    expect(results.map(({ code, stdout }) => ({ code, stdout }))).to.deep.equal(
      results.map(() => ({ code: 0, stdout: '[]\n' })),
    )
    const { daemon } = (await site.json('daemon', 'status')) as { daemon: { pid: number } }
    expect(daemon.pid).to.equal(await site.daemonPid())
    const names = () => readdirSync(site.runtimeDir).sort()
    await eventually('only sockets are left', () => names().every((name) => name.endsWith('.sock')))
  })

  it('may be killed in the middle of an answer: post and tail go on by themselves and miss nothing', async () => {
    const threadId = await site.share()
    const tail = site.start(['tail', '-t', threadId, '--json'])
    // It shows what comes next, and the answer stands still after its beginning.
    await eventually(
      'the tail follows',
      async () => (await site.run('who', '-t', threadId, '--json')).stdout !== '[]\n',
    )
    const post = site.start(['post', '-t', threadId, '-p', 'hold killed', '--json'])
    await eventually('the answer has begun', () =>
      [tail, post].every(({ stdout }) => stdout().includes('Before the hold.') || stdout().includes('"delta"')),
    )
    process.kill(await site.daemonPid(), 'SIGKILL')
    await eventually('there is another daemon', async () => (await site.run('daemon', 'status')).code === 0)
    site.model.release('killed')
    const { code, stdout } = await post.ended
    expect(code).to.equal(0)
    await eventually('the tail has the end too', () => tail.stdout().includes('"turn/completed"'))
    tail.child.kill('SIGINT')
    await tail.ended
    const kept = jsonLines((await site.run('tail', '-t', threadId, '--from', '1', '--until-idle', '--json')).stdout)
    const followed = jsonLines(tail.stdout())
    // It began with what came next, which may or may not be the naming of the new thread, and ended somewhere behind the turn.
    const [begin, end] = [Number(followed[0]?.id), Number(followed.at(-1)?.id)]
    const live = kept.filter(({ id }) => Number(id) >= begin && Number(id) <= end)
    expect(lasting(followed)).to.deep.equal(lasting(live))
    const posted = jsonLines(stdout).slice(0, -1)
    const [first, last] = [Number(posted[0]?.id), Number(posted.at(-1)?.id)]
    const turn = kept.filter(({ id }) => Number(id) >= first && Number(id) <= last)
    expect(lasting(posted)).to.deep.equal(lasting(turn))
  })

  it('is restarted without refusing anybody, and the turn that runs goes on', async () => {
    const threadId = await site.share()
    const post = site.start(['post', '-t', threadId, '-p', 'hold restart'])
    await eventually('the answer has begun', () => post.stdout().includes('Before the hold.'))
    const before = await site.daemonPid()
    let restarted = false
    const knocking = (async () => {
      const codes: (number | null)[] = []
      while (!restarted) codes.push((await site.run('list')).code)
      return codes
    })()
    const { code, stdout, stderr } = await site.run('daemon', 'restart')
    restarted = true
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    expect(stdout).to.match(/^Restarted: pid \d+, version /)
    expect(await site.daemonPid()).not.to.equal(before)
    expect(new Set(await knocking)).to.deep.equal(new Set([0]))
    site.model.release('restart')
    const result = await post.ended
    expect(result.code).to.equal(0)
    expect(result.stdout.match(/After the hold\./g)?.length).to.equal(1)
  })

  it('stops when asked, with its app-server when told to, and stays stopped while somebody follows', async () => {
    const threadId = await site.share()
    const tail = site.start(['tail', '-t', threadId])
    await eventually(
      'it follows',
      async () => ((await site.json('who', '-t', threadId)) as unknown as object[]).length === 1,
    )
    const pid = await site.daemonPid()
    const appServer = await site.appServerPid()
    expect((await site.run('daemon', 'stop')).stdout).to.equal(`Stopped the daemon (pid ${pid}).\n`)
    expect((await site.run('daemon', 'stop')).stdout).to.equal('The daemon was not running.\n')
    await eventually('the follower waits', () => tail.stderr().includes('trying again…'))
    expect((await site.run('daemon', 'status')).code).to.equal(5)
    expect(await site.appServerPid()).to.equal(appServer)

    expect((await site.run('daemon', 'start')).stdout).to.match(/^Started: pid /)
    await eventually('the follower is back', () => tail.stderr().endsWith('connected again\n'))
    expect((await site.run('daemon', 'start')).stdout).to.match(/^Already running: pid /)
    const stopped = await site.json('daemon', 'stop', '--all')
    expect(stopped.appServerPid).to.equal(appServer)
    expect(await readLiveRecord(site.appServerRecord)).to.equal(undefined)
  })

  it('is ended by signal when it hangs, by stop and by restart', async () => {
    const other = await makeCommandSite()
    const hang = async ({ run, daemonPid }: CommandSite) => {
      await run('daemon', 'start')
      const pid = await daemonPid()
      process.kill(pid, 'SIGSTOP')
      return pid
    }
    const byStop = async () => {
      const hung = await hang(site)
      const status = await site.run('daemon', 'status')
      expect(status.code).to.equal(5)
      expect(status.stderr).to.match(
        /^Error: cannot reach the daemon at unix:\S+: it took the connection and did not answer within 5 s/,
      )
      const { code, stdout, stderr } = await site.run('daemon', 'stop')
      expect({ code, stdout }).to.deep.equal({ code: 0, stdout: `Stopped the daemon (pid ${hung}).\n` })
      expect(stderr).to.equal(`the daemon (pid ${hung}) does not answer; ending it by signal\n`)
    }
    const byRestart = async () => {
      const hung = await hang(other)
      expect((await other.run('daemon', 'restart')).code).to.equal(0)
      expect((await other.run('daemon', 'status')).code).to.equal(0)
      expect(await other.daemonPid()).not.to.equal(hung)
    }
    try {
      // Side by side, since most of it is waiting.
      await Promise.all([byStop(), byRestart()])
    } finally {
      await other.close()
    }
  })

  it('is restarted by several at once, of whom none is told that it failed', async () => {
    await site.run('daemon', 'start')
    const first = await site.daemonPid()
    const results = await Promise.all([1, 2, 3].map(() => site.run('daemon', 'restart')))
    expect(results.map(({ code, stderr }) => ({ code, stderr }))).to.deep.equal(
      results.map(() => ({ code: 0, stderr: '' })),
    )
    expect(await site.daemonPid()).not.to.equal(first)
  })

  it('that cannot start is told with its last words and 5', async () => {
    writeFileSync(site.socket, 'not a socket')
    const { code, stderr } = await site.run('list')
    expect(code).to.equal(5)
    expect(stderr).to.match(
      /^(starting the daemon…\n)?Error: the daemon at unix:\S+ could not be started: it ended with exit code \d+\n[\s\S]*is a file and not a socket/,
    )
  })

  it('goes on when the one that is to replace it cannot start', async () => {
    await site.run('daemon', 'start')
    const pid = await site.daemonPid()
    const settings = join(site.dir, 'config/codex-share/config.json')
    mkdirSync(join(site.dir, 'config/codex-share'), { recursive: true })
    writeFileSync(settings, '{"limits":{"conections":3}}')
    expect(await site.run('daemon', 'restart')).to.deep.equal({
      code: 5,
      stdout: '',
      stderr: `Error: the daemon cannot start: the settings file ${settings} is not valid at limits: unknown key "conections"; did you mean "connections"?
The daemon that ran before goes on.
Mend ${settings}, or remove it to use the defaults.
`,
    })
    expect(await site.daemonPid()).to.equal(pid)
    rmSync(settings)
    expect((await site.run('daemon', 'restart')).code).to.equal(0)
    expect(await site.daemonPid()).not.to.equal(pid)
  })

  it('with a mistake in its settings is told of it once, and where', async () => {
    const settings = join(site.dir, 'config/codex-share/config.json')
    mkdirSync(join(site.dir, 'config/codex-share'), { recursive: true })
    writeFileSync(settings, '{"conections":3}')
    expect((await site.run('list')).stderr).to.include(`the settings file ${settings} is not valid: unknown key`)
    writeFileSync(settings, '{"limits":[]}')
    expect((await site.run('list')).stderr).to.include(
      'not valid at limits: Invalid type: Expected Object but received',
    )
    writeFileSync(settings, '[]')
    const problem = `the settings file ${settings} is not valid: Invalid type: Expected Object but received a list`
    const mend = `Mend ${settings}, or remove it to use the defaults.`
    const [list, run] = [await site.run('list'), await site.run('daemon', 'run')]
    expect([list, run].map(({ code, stderr }) => [code, stderr.replace(isSlow, '')])).to.deep.equal([
      [5, `Error: the daemon cannot start: ${problem}\n${mend}\n`],
      [2, `Error: ${problem}\n${mend}\n`],
    ])
  })

  it('is not started with a Codex that is not there', async () => {
    expect(await site.run('daemon', 'start', '--codex-bin', '/nope')).to.deep.include({ code: 5, stdout: '' })
    expect((await site.run('daemon', 'restart', '--codex-bin', '/nope')).stderr).to.match(
      /^Error: The Codex binary \/nope, named by --codex-bin, cannot be run: there is no such file\.\n/,
    )
    const { code, stderr } = await site.run('daemon', 'status')
    expect(code).to.equal(5)
    expect(stderr).to.equal(
      `Error: no daemon is running at unix://${site.socket}\n\`codex-share daemon start\` starts it; so does every command that needs it.\n`,
    )
  })

  it('shows its log, from a time on and as it grows', async () => {
    await site.run('daemon', 'start')
    // The daemon answers as soon as it can, and need not have written that down by then.
    await eventually('the log has it', async () =>
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d info {2}.*the daemon serves/m.test((await site.run('daemon', 'logs')).stdout),
    )
    expect((await site.run('daemon', 'logs', '-n', '1')).stdout.split('\n').length).to.equal(2)
    expect((await site.run('daemon', 'logs', '--since', '@4102444800')).stdout).to.equal('')
    expect(jsonLines((await site.run('daemon', 'logs', '--json', '--since', '1h')).stdout)[0]).to.have.property('msg')
    const follow = site.start(['daemon', 'logs', '-f', '-n', '1'])
    await eventually('it shows what there is', () => follow.stdout() !== '')
    const before = follow.stdout().length
    await site.run('daemon', 'restart')
    await eventually('the log goes on', () => follow.stdout().slice(before).includes('the daemon serves'))
    follow.child.kill('SIGINT')
    expect((await follow.ended).code).to.equal(130)
  })

  it('names the Codex of an app-server that ran before it, and none where there is none', async () => {
    const codexLine = async () => /^Codex .*$/m.exec((await site.run('daemon', 'status')).stdout)?.[0]
    await site.share()
    const line = await codexLine()
    expect(line).to.match(/^Codex {7}\/.*, home \//)
    await site.run('daemon', 'restart')
    await eventually('it is named as before', async () => (await codexLine()) === line)
    await site.run('daemon', 'stop', '--all')
    await site.start(['daemon', 'start'], { env: { CODEX_SHARE_CODEX_BIN: '/nowhere/codex' } }).ended
    await eventually('it was looked for', async () =>
      (await site.run('daemon', 'status')).stdout.includes('/nowhere/codex, named by CODEX_SHARE_CODEX_BIN'),
    )
    expect(await codexLine()).to.equal(undefined)
  })

  it('has a status for people and for programs', async () => {
    await site.run('daemon', 'start')
    const text = (await site.run('daemon', 'status')).stdout
    expect(text).to.match(/^Daemon {6}running, version \S+, pid \d+, started \d+ s ago\nEndpoint {4}unix:/)
    const { daemon, ledger } = (await site.json('daemon', 'status')) as {
      daemon: { pid: number }
      ledger: { events: number; bytes: number; file: string }
    }
    expect([daemon.pid, ledger.events]).to.deep.equal([await site.daemonPid(), 0])
    // What is in the log beside the file counts: soon after the start that is nearly all.
    expect(ledger.bytes).to.be.above(statSync(ledger.file).size)
    await site.share()
    expect((await site.run('daemon', 'status')).stdout).to.match(/^Ledger .* in 1 thread, /m)
  })
})
