/** A user with a real systemd of their own, the real Codex and the scripted model: what `service install` is for. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { makeScriptedHome } from '../../src/demo/scripted-home.ts'
import { type ScriptedModel, startScriptedModel } from '../../src/demo/scripted-model.ts'
import { scriptByWords } from './daemon-process.ts'
import { eventually } from './eventually.ts'
import { connectTestPeer, type TestPeer, type TestPeerOptions } from './test-peer.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const script = fileURLToPath(new URL('user-systemd.sh', import.meta.url))
const uid = 60_111

export interface RunResult {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

export interface SystemdUser {
  readonly model: ScriptedModel
  /** Where the user's files are, seen from here. */
  readonly home: string
  readonly units: string
  /** Runs a command as the user. */
  run(command: string, ...args: string[]): Promise<RunResult>
  /** Runs it and fails unless it ends with 0; gives stdout. */
  ok(command: string, ...args: string[]): Promise<string>
  /** Our own program, as the user. */
  share(...args: string[]): Promise<RunResult>
  connect(options?: TestPeerOptions): Promise<TestPeer>
  /** Connects to one of the daemon's sockets and leaves; fails when nobody listens there. */
  knock(name: 'daemon.sock' | 'codex.sock'): Promise<void>
  /** The internet sockets, listening or not, that a process has open, as lines of the kernel's tables. */
  inetSockets(pid: string): Promise<string[]>
  /** What `systemctl show` says of one property of a unit. */
  property(unit: string, name: string): Promise<string>
  /** Sends a signal to a process that the user sees under this pid. */
  signal(name: string, pid: number | string): Promise<void>
  /** A file's path, seen from here. */
  seen(path: string): string
  close(): Promise<void>
}

/** Where such a user cannot be had, the reason. */
export class NoSystemd extends Error {}

export async function makeSystemdUser(): Promise<SystemdUser> {
  const home = mkdtempSync(join(tmpdir(), 'codex-share-user-'))
  const model = await startScriptedModel({ script: scriptByWords })
  makeScriptedHome({ dir: join(home, '.codex'), baseUrl: model.baseUrl })
  mkdirSync(join(home, 'work'))
  const manager = spawn('bash', [script, project, home, String(uid)], { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  manager.stderr.on('data', (text: Buffer) => {
    said += text.toString('utf8')
  })
  const ended = once(manager, 'exit')
  const first = await Promise.race([once(createInterface({ input: manager.stdout }), 'line'), ended])
  const inside = /^ready (\d+)$/.exec(String(first[0]))?.[1]
  if (inside === undefined) {
    await model.close()
    rmSync(home, { recursive: true, force: true })
    if (first[0] === 77) throw new NoSystemd(said.trim())
    throw new Error(`no user manager: ${said}`)
  }
  const seen = (path: string) => join('/proc', inside, 'root', path)
  const enter = ['--target', inside, '--mount', '--pid', '--cgroup', 'env', '--chdir=/run/home', 'setpriv']
  const journalGroup = /^systemd-journal:[^:]*:(\d+)/m.exec(readFileSync('/etc/group', 'utf8'))?.[1] ?? String(uid)
  const identity = [`--reuid=${uid}`, `--regid=${uid}`, `--groups=${uid},${journalGroup}`]
  const node = existsSync(join(project, 'node_modules/node/bin/node'))
    ? '/run/project/node_modules/node/bin/node'
    : process.execPath
  const env = {
    ...{ HOME: '/run/home', USER: 'tester', LOGNAME: 'tester', SHELL: '/bin/bash', LANG: 'C.UTF-8', NO_COLOR: '1' },
    XDG_RUNTIME_DIR: `/run/user/${uid}`,
    PATH: '/run/project/node_modules/.bin:/usr/local/bin:/usr/bin:/bin',
  }
  const run = (command: string, ...args: string[]) =>
    new Promise<RunResult>((resolve, reject) => {
      execFile(
        'nsenter',
        [...enter, ...identity, command, ...args],
        { env, timeout: 60_000 },
        (error, stdout, stderr) => {
          const status = error ? error.code : 0
          if (typeof status === 'number') resolve({ status, stdout, stderr })
          else reject(new Error(`${command} ${args.join(' ')}: ${error?.message}`))
        },
      )
    })
  const ok = async (command: string, ...args: string[]) => {
    const { status, stdout, stderr } = await run(command, ...args)
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`)
    return stdout
  }
  const peers: TestPeer[] = []
  return {
    model,
    home,
    units: join(home, '.config/systemd/user'),
    run,
    ok,
    share: (...args) => run(node, '/run/project/bin/run.js', ...args),
    async connect(options) {
      const peer = await connectTestPeer(seen(`/run/user/${uid}/codex-share/daemon.sock`), options)
      peers.push(peer)
      return peer
    },
    inetSockets: async (pid) => {
      const links = await ok('bash', '-c', `for fd in /proc/${pid}/fd/*; do readlink $fd; done`)
      const inodes = [...links.matchAll(/^socket:\[(\d+)\]$/gm)].map(([, inode]) => inode)
      const tables = await ok(
        'bash',
        '-c',
        `cat /proc/${pid}/net/tcp /proc/${pid}/net/tcp6 /proc/${pid}/net/udp /proc/${pid}/net/udp6`,
      )
      return tables.split('\n').filter((line) => inodes.includes(line.trim().split(/\s+/)[9]))
    },
    knock: async (name) => {
      const socket = connect(seen(`/run/user/${uid}/codex-share/${name}`))
      await once(socket, 'connect')
      socket.destroy()
    },
    property: async (unit, name) =>
      (await ok('systemctl', '--user', 'show', `--property=${name}`, '--value', unit)).trim(),
    signal: async (name, pid) => void (await ok('kill', '-s', name, String(pid))),
    seen,
    async close() {
      for (const peer of peers) peer.close()
      manager.stdin.end()
      await ended
      await model.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Until a unit is in this state. */
export async function untilActive(user: SystemdUser, unit: string): Promise<void> {
  await eventually(`${unit} is active`, async () => (await user.property(unit, 'ActiveState')) === 'active')
}
