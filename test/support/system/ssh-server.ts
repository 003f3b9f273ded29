/** A real sshd on loopback that plays another machine: what runs through it has a home, a PATH and a daemon of its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../waiting/eventually.ts'
import { signalIfThere } from '../waiting/signal-if-there.ts'

const sshd = '/usr/sbin/sshd'
const program = join(import.meta.dirname, '../../../bin/run.js')

export interface SshServer {
  readonly port: number
  /** The environment of somebody here who can log in there. */
  readonly env: NodeJS.ProcessEnv
  readonly url: string
  /** Pids of the processes that carry the connections there. */
  sessions(): number[]
  /** Takes our program away from the other machine, or puts it back. */
  setInstalled(installed: boolean): void
  /** Makes the other machine show another host key from now on. */
  changeHostKey(): Promise<void>
  close(): Promise<void>
}

export function hasSshd(): boolean {
  return existsSync(sshd)
}

/** @param there environment of the user there; @param here of the user here; both without ssh's own files */
export async function startSshServer(
  dir: string,
  here: NodeJS.ProcessEnv,
  there: NodeJS.ProcessEnv,
): Promise<SshServer> {
  const at = (name: string) => join(dir, name)
  const { username } = userInfo()
  mkdirSync(at('bin'), { recursive: true })
  mkdirSync(at('there-bin'))
  for (const key of ['host', 'other-host', 'client'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(key)])
  writeFileSync(at('authorized'), readFileSync(at('client.pub')))
  const port = await freePort()
  // ssh asks the system for its user's home, whatever HOME says: its files are given by name.
  script(at('bin/ssh'), `exec /usr/bin/ssh -F '${at('config')}' "$@"`)
  const files = `IdentityFile ${at('client')}\nIdentitiesOnly yes\nUserKnownHostsFile ${at('known')}\n`
  writeFileSync(at('config'), `${files}StrictHostKeyChecking yes\nHostKeyAlias other-machine\n`)
  writeFileSync(at('known'), `other-machine ${readFileSync(at('host.pub'), 'utf8')}`)
  const variables = Object.entries({ ...there, PATH: `${at('there-bin')}:/usr/bin:/bin` })
  const setEnv = variables.map(([name, value]) => `"${name}=${value}"`).join(' ')
  const serve = async (hostKey: string): Promise<ChildProcess> => {
    const lines = [
      ...[`HostKey ${at(hostKey)}`, 'PidFile none', `AuthorizedKeysFile ${at('authorized')}`, 'StrictModes no'],
      ...['UsePAM no', 'PasswordAuthentication no', 'PermitRootLogin yes', `SetEnv ${setEnv}`],
    ]
    writeFileSync(at('sshd_config'), `${lines.join('\n')}\n`)
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
    const server = spawn(
      sshd,
      ['-D', '-e', '-f', at('sshd_config'), '-p', String(port), '-o', 'ListenAddress=127.0.0.1'],
      {
        stdio: ['ignore', 'ignore', 'ignore'],
      },
    )
    await eventually('sshd listens', () => listens(port))
    return server
  }
  const setInstalled = (installed: boolean) => {
    if (installed) script(at('there-bin/codex-share'), `exec '${process.execPath}' '${program}' "$@"`)
    else rmSync(at('there-bin/codex-share'))
  }
  setInstalled(true)
  let server = await serve('host')
  const stop = async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGKILL')
    await ended
  }
  return {
    port,
    env: { ...here, PATH: `${at('bin')}:${here.PATH}` },
    url: `ssh://${username}@127.0.0.1:${port}`,
    sessions: () => descendants(server.pid ?? -1),
    setInstalled,
    async changeHostKey() {
      await stop()
      server = await serve('other-host')
    },
    async close() {
      for (const pid of descendants(server.pid ?? -1)) signalIfThere(pid, 'SIGKILL')
      await stop()
    },
  }
}

function script(path: string, body: string): void {
  writeFileSync(path, `#!/bin/sh\n${body}\n`)
  chmodSync(path, 0o755)
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

/** sshd's own processes only: what it has started for the user is not among them. */
function descendants(pid: number): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,comm='], { encoding: 'utf8' })
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  const children = rows.filter(([, parent, name]) => Number(parent) === pid && name?.startsWith('sshd'))
  return children.flatMap(([child]) => [Number(child), ...descendants(Number(child))])
}
