/** One daemon for every environment of a user: another runtime folder, none, one that went with a logout, a home of two spellings. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { connectStockPeer } from '../../support/peers/stock-peer.ts'
import { type CommandSite, jsonLines, makeCommandSite } from '../../support/sites/command-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'
import { signalIfThere } from '../../support/waiting/signal-if-there.ts'

const program = join(import.meta.dirname, '../../../bin/run.js')
interface Status {
  readonly daemon: { readonly pid: number; readonly endpoint: string }
  readonly appServer: {
    readonly pid: number
    readonly state: string
    readonly residentBytes: unknown
    readonly descriptors: unknown
  }
}

/** What stays as it is as long as the app-server runs. */
const runOf = ({ appServer: { residentBytes: _bytes, descriptors: _open, ...run } }: Status) => run

const isThere = (pid: number) => existsSync(`/proc/${pid}`)

describe('Another environment than the one that the daemon was started in', function () {
  this.timeout(60_000)
  let site: CommandSite
  /** The login's environment; the site's own, with a runtime folder of its own, stands for cron, su and WSL. */
  let login: NodeJS.ProcessEnv
  let threadId: string

  before(async () => {
    site = await makeCommandSite()
    login = { CODEX_SHARE_RUNTIME_DIR: '', XDG_RUNTIME_DIR: join(site.dir, 'login') }
    logIn()
    threadId = JSON.parse((await atLogin('start', '--name', 'work', '--json')).stdout).threadId
  })

  after(() => site.close())

  const logIn = () => mkdirSync(join(site.dir, 'login'), { mode: 0o700 })
  const logOut = () => rmSync(join(site.dir, 'login'), { recursive: true })
  const atLogin = (...args: string[]) => site.start(args, { env: login }).ended
  const endpoint = () => `unix://${site.dir}/login/codex-share/daemon.sock`
  /** Once the daemon is linked to Codex, which one that was just started need not be yet. */
  const status = (env: NodeJS.ProcessEnv = {}) =>
    eventually('the daemon is linked to Codex', async () => {
      const { stdout, stderr } = await site.start(['daemon', 'status', '--json'], { env }).ended
      if (stdout === '') throw new Error(stderr)
      const told = JSON.parse(stdout) as Status
      return told.appServer.state === 'ready' && told
    })

  it('has every command find it', async () => {
    const { daemon } = await status()
    expect(daemon.endpoint).to.equal(endpoint())
    const { code, stderr, stdout } = await site.run('post', '--thread', 'work', '--prompt', 'good morning')
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    expect(stdout).to.include('You said: good morning\n')
    const { threadId: read } = await site.json('get', '--thread', 'last')
    const tailed = await site.run('tail', '--thread', 'work', '--from', '1', '--until-idle', '--json')
    const { checks } = await site
      .json('doctor')
      .catch(async () => JSON.parse((await site.run('doctor', '--json')).stdout))
    const completed = (await site.run('complete', '--', 'get', '--thread', '')).stdout
    expect({
      read,
      tailed: jsonLines(tailed.stdout).at(-1)?.method,
      started: (await site.run('daemon', 'start')).stdout,
      daemonCheck: (checks as { check: string; findings: { what: string }[] }[]).find(
        ({ check }) => check === 'Daemon',
      ),
      completed: completed.split('\t')[0],
      logged: (await site.run('daemon', 'logs')).stdout.includes('the daemon serves'),
      ran: (await site.run('daemon', 'run')).stderr,
    }).to.deep.equal({
      read: threadId,
      tailed: 'turn/completed',
      started: `Already running: pid ${daemon.pid}, version 0.1.0, ${endpoint()}\n`,
      daemonCheck: { check: 'Daemon', findings: [{ level: 'ok', what: `running: version 0.1.0, pid ${daemon.pid}` }] },
      completed: 'work',
      logged: true,
      ran: `A daemon is running already: pid ${daemon.pid}, version 0.1.0\n`,
    })
    expect(existsSync(join(site.runtimeDir, 'daemon.sock'))).to.equal(false)
  })

  it('has `proxy` find it, which is what ssh runs', async () => {
    const proxy = spawn(process.execPath, [program, 'proxy'], { env: site.env, stdio: ['pipe', 'pipe', 'ignore'] })
    proxy.stdin.write(
      `${JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: {
          clientInfo: { name: 'test', version: '1' },
          share: { protocol: { min: 1, max: 1 }, kind: 'script', label: 'test' },
        },
      })}\n`,
    )
    const [answer] = await once(proxy.stdout, 'data')
    proxy.stdin.end()
    await once(proxy, 'exit')
    expect(String(answer)).to.include(endpoint())
  })

  it('restarts it where it is, and stops it', async () => {
    const before = await status()
    const restarted = await site.run('daemon', 'restart')
    const after = await status(login)
    expect(restarted.stdout).to.equal(`Restarted: pid ${after.daemon.pid}, version 0.1.0, ${endpoint()}\n`)
    expect(runOf(after)).to.deep.equal(runOf(before))
    const stopped = await site.run('daemon', 'stop')
    expect(stopped.stdout).to.equal(`Stopped the daemon (pid ${after.daemon.pid}).\n`)
  })

  it('has those who follow a thread find the next daemon, also in the other runtime folder', async () => {
    await atLogin('daemon', 'start')
    const tail = site.start(['tail', '--thread', 'work', '--json'], { env: login })
    await eventually('it follows', async () => {
      const peers = JSON.parse((await atLogin('who', '--json')).stdout) as unknown[]
      return peers.length > 0
    })
    await atLogin('daemon', 'stop')
    await site.run('daemon', 'start')
    await site.run('post', '--thread', 'work', '--prompt', 'from elsewhere')
    await eventually('it has heard of it', () => tail.stdout().includes('You said: from elsewhere'))
    tail.child.kill()
    await site.run('daemon', 'stop')
  })

  it('is the next login, or what runs after the logout: the turn that ran goes on, and nothing is left behind', async () => {
    await atLogin('daemon', 'start')
    const turnId = (await atLogin('post', '--thread', 'work', '--prompt', 'hold logout', '--no-wait')).stdout.trim()
    const before = await status(login)
    logOut()
    await eventually('the daemon ends', () => !isThere(before.daemon.pid))
    const after = await site.run('list').then(() => status())
    expect(runOf(after)).to.deep.equal(runOf(before))
    site.model.release('logout')
    await eventually('the turn has ended', async () => {
      const events = (await site.json('get', '--thread', 'work', '--limit', '1000')).events as {
        turnId: string
        method: string
      }[]
      return events.some((event) => event.turnId === turnId && event.method === 'turn/completed')
    })
    expect((await site.run('get', '--thread', 'work')).stdout).to.match(/Before the hold\.\s+After the hold\./)

    // And one in which the daemon was killed.
    await site.run('daemon', 'stop')
    logIn()
    await atLogin('daemon', 'start')
    signalIfThere((await status(login)).daemon.pid, 'SIGKILL')
    logOut()
    logIn()
    await atLogin('list')
    const now = await status(login)
    const { daemon, appServer } = now
    expect(runOf(now)).to.deep.equal(runOf(before))
    signalIfThere(daemon.pid, 'SIGKILL')
    await eventually('it is gone', () => !isThere(daemon.pid))
    const leftovers = (await site.run('doctor')).stdout.split('\n').find((line) => line.includes('Leftovers'))
    expect(leftovers).to.equal(`· Leftovers    the Codex app-server (pid ${appServer.pid}) runs, and no daemon`)
    expect((await site.run('daemon', 'stop', '--all')).stdout).to.equal(
      `The daemon was not running.\nStopped the Codex app-server (pid ${appServer.pid}).\n`,
    )
  })

  it('makes a runtime folder again that was deleted, for a stock UI too', async () => {
    await site.run('daemon', 'stop')
    // While Codex still starts the deletion would only make it start once more, after its time is up.
    const { daemon } = await site.run('daemon', 'start').then(() => status())
    rmSync(site.runtimeDir, { recursive: true, maxRetries: 5 })
    await eventually('both sockets are back', () =>
      ['daemon.sock', 'codex.sock'].every((name) => existsSync(join(site.runtimeDir, name))),
    )
    expect((await status()).daemon.pid).to.equal(daemon.pid)
    const exec = await site.run('post', '--thread', 'work', '--prompt', 'still here')
    expect(exec.stdout).to.include('You said: still here\n')
    const stock = await connectStockPeer(join(site.runtimeDir, 'codex.sock'))
    expect(await stock.startThread()).to.be.a('string')
    stock.ws.close()
  })

  it('is a home that is reached over a link', async () => {
    const link = `${site.dir}-link`
    symlinkSync(site.dir, link)
    const env = Object.fromEntries(
      Object.entries(site.env).map(([name, value]) => [name, name === 'PATH' ? value : value?.replace(site.dir, link)]),
    )
    const { daemon } = await status()
    const { code, stderr } = await site.start(['get', '--thread', 'work'], { env }).ended
    const seen = await status(env)
    rmSync(link)
    expect({ code, stderr, pid: seen.daemon.pid }).to.deep.equal({ code: 0, stderr: '', pid: daemon.pid })
  })
})
