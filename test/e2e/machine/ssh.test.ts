/** Another machine over a real sshd: the built program here, the built program there. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from 'chai'
import { makeScratch, type Scratch } from '../../support/scratch.ts'
import { makeSite, type TestSite } from '../../support/sites/daemon-process.ts'
import { hasSshd, type SshServer, startSshServer } from '../../support/system/ssh-server.ts'
import { eventually } from '../../support/waiting/eventually.ts'
import { signalIfThere } from '../../support/waiting/signal-if-there.ts'

const program = join(import.meta.dirname, '../../../bin/run.js')

describe('--server ssh://…', function () {
  this.timeout(60_000)
  let there: TestSite
  let here: Scratch
  let ssh: SshServer

  before(async function () {
    if (!hasSshd()) {
      process.stderr.write('  ssh is not tested here: there is no sshd (Debian: openssh-server)\n')
      this.skip()
    }
    there = await makeSite()
    here = makeScratch()
    ssh = await startSshServer(here.dir, here.env, there.env)
  })

  after(async () => {
    await ssh?.close()
    if (there) await share(['daemon', 'stop', '--all'], there.env)
    await there?.close()
    here?.remove()
  })

  function share(args: readonly string[], env: NodeJS.ProcessEnv = ssh.env) {
    return new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
      execFile(process.execPath, [program, ...args], { env, timeout: 50_000 }, (error, stdout, stderr) => {
        resolve({ status: error ? Number(error.code) : 0, stdout, stderr })
      })
    })
  }

  /** `tail --json` over ssh; the ids and methods of what it has shown so far. */
  function tail(threadId: string): {
    readonly lines: string[]
    readonly process: ChildProcess
  } {
    const child = spawn(
      process.execPath,
      [program, 'tail', '--thread', threadId, '--from', '1', '--json', '--server', ssh.url],
      {
        env: ssh.env,
      },
    )
    const lines: string[] = []
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
    return { lines, process: child }
  }

  let threadId: string

  it('starts the daemon there, and posts, follows and reads back', async () => {
    const started = await share(['start', '--cwd', there.dir, '--json', '--server', ssh.url])
    expect(started.stderr).to.equal('')
    const { threadId: id, endpoint }: { threadId: string; endpoint: string } = JSON.parse(started.stdout)
    threadId = id
    expect(endpoint).to.equal(ssh.url)
    const posted = await share([
      'post',
      '--thread',
      id,
      '--prompt',
      'over there',
      '--server',
      ssh.url,
      '--as',
      'visitor',
    ])
    expect(posted.status).to.equal(0)
    expect(posted.stdout).to.include('You said: over there')
    const { stdout } = await share(['start', '--thread', id, '--server', ssh.url])
    expect(stdout).to.include(`  post:  codex-share post --thread ${id} --prompt "…" --server ${ssh.url}\n`)
    const got = await share(['get', '--thread', id, '--json', '--server', ssh.url])
    expect(got.stdout).to.include('"label":"visitor"')
    const local = await share(['daemon', 'status'])
    expect(local.status).to.equal(5)
  })

  it('goes on where it was when the connection breaks, without an event lost or doubled', async () => {
    const follower = tail(threadId)
    await eventually('it follows', () => follower.lines.some((line) => line.includes('You said: over there')))
    const broken = ssh.sessions()
    for (const pid of broken) signalIfThere(pid, 'SIGKILL')
    await eventually('it is back', () => ssh.sessions().some((pid) => !broken.includes(pid)))
    const posted = await share(['post', '--thread', threadId, '--prompt', 'after the break', '--server', ssh.url])
    expect(posted.status).to.equal(0)
    const ends = () => follower.lines.filter((line) => line.includes('"method":"turn/completed"')).length
    await eventually('it has the rest', () => ends() === 2)
    const all = await share([
      'get',
      '--thread',
      threadId,
      '--from',
      '1',
      '--json',
      '--limit',
      '1000',
      '--server',
      ssh.url,
    ])
    const kept: number[] = JSON.parse(all.stdout).events.map(({ id }: { id: number }) => id)
    const ids = () => follower.lines.map((line): number => JSON.parse(line).id)
    // Codex tells more behind the end of a turn.
    await eventually('it has all that was kept', () => kept.every((id) => ids().includes(id)))
    follower.process.kill()
    expect(ids()).to.deep.equal([...new Set(ids())].sort((a, b) => a - b))
  })

  it('notices a line that is dead without having been closed', async () => {
    const follower = tail(threadId)
    await eventually('it follows', () => follower.lines.length > 0)
    const stopped = ssh.sessions()
    for (const pid of stopped) signalIfThere(pid, 'SIGSTOP')
    await eventually('it comes back', () => ssh.sessions().some((pid) => !stopped.includes(pid)), 30_000)
    for (const pid of stopped) signalIfThere(pid, 'SIGKILL')
    follower.process.kill()
  })

  it('takes from here where the program and its Node are, when ssh finds neither, as on a Mac', async () => {
    const folder = join(here.dir, 'homebrew/bin')
    mkdirSync(folder, { recursive: true })
    symlinkSync(program, join(folder, 'codex-share'))
    symlinkSync(process.execPath, join(folder, 'node'))
    const list = async (sshProgram: string) => {
      const env = { ...ssh.env, CODEX_SHARE_SSH_PROGRAM: sshProgram }
      const { status, stderr } = await share(['list', '--server', ssh.url], env)
      return [status, stderr.split('\n')[0]?.replace(/ \(.*\)$/, '')]
    }
    const failed = `Error: cannot reach ${ssh.url}:`
    const noProgram = `${failed} codex-share is not installed there, or not on the PATH that ssh has`
    const noNode = `${failed} codex-share is there, and its Node is not on the PATH that ssh has`
    ssh.setInstalled(false)
    expect(await list('')).to.deep.equal([5, noProgram])
    expect(await list(`${folder}/codex-shared`)).to.deep.equal([5, noProgram])
    // The machine that plays the other one may have a Node in /usr/bin.
    expect(await list(`env PATH=/nowhere ${folder}/codex-share`)).to.deep.equal([5, noNode])
    expect(await list(`${folder}`)).to.deep.equal([5, `${failed} codex-share may not be run there`])
    expect(await list(`env PATH=${folder}:/usr/bin:/bin codex-share`)).to.deep.equal([0, ''])
    ssh.setInstalled(true)
  })

  it('says what is the matter when it cannot get there', async () => {
    const failure = async (url: string) => {
      const { status, stderr } = await share(['list', '--server', url])
      return [status, stderr.split('\n')[0]?.replace(/ \(.*\)$/, '')]
    }
    const unknown = 'ssh://no-such-host.invalid'
    expect(await failure(unknown)).to.deep.equal([5, `Error: cannot reach ${unknown}: the host is not known`])
    expect(await failure('ssh://127.0.0.1:1')).to.deep.equal([
      5,
      'Error: cannot reach ssh://127.0.0.1:1: no ssh server answers there',
    ])
    const stranger = `ssh://nobody-here@127.0.0.1:${ssh.port}`
    expect(await failure(stranger)).to.deep.equal([5, `Error: cannot reach ${stranger}: the login was refused`])
    const nowhere = `${ssh.url}/nowhere/daemon.sock`
    expect(await failure(nowhere)).to.deep.equal([
      5,
      `Error: cannot reach ${nowhere}: codex-share there ended with exit code 5`,
    ])
    ssh.setInstalled(false)
    expect(await failure(ssh.url)).to.deep.equal([
      5,
      `Error: cannot reach ${ssh.url}: codex-share is not installed there, or not on the PATH that ssh has`,
    ])
    ssh.setInstalled(true)
    await ssh.changeHostKey()
    expect(await failure(ssh.url)).to.deep.equal([
      5,
      `Error: cannot reach ${ssh.url}: its host key is not the one that is known`,
    ])
  })

  it('takes no option for a host', async () => {
    const { status } = await share(['list', '--server', 'ssh://-oProxyCommand=touch%20x/'])
    expect(status).to.equal(2)
  })
})
