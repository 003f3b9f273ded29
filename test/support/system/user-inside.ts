/** The user `tester` inside namespaces, dealt with from outside of them: commands run, files seen, the daemon's sockets connected. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join, relative } from 'node:path'
import { StreamChannel } from '../../../src/rpc/stream-channel.ts'
import { introduceTestPeer, type TestPeer, type TestPeerOptions } from '../peers/test-peer.ts'
import { projectDir, type SystemdNamespaces, uid } from './systemd-namespaces.ts'

export interface RunResult {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

export interface Knock {
  /** Until then it stands in the kernel's queue. */
  readonly taken: Promise<unknown>
}

export interface UserInside {
  /** Runs a command as the user. */
  run(command: string, ...args: string[]): Promise<RunResult>
  /** Runs it and fails unless it ends with 0; gives stdout. */
  ok(command: string, ...args: string[]): Promise<string>
  /** Our own program, as the user. */
  share(...args: string[]): Promise<RunResult>
  connect(options?: TestPeerOptions): Promise<TestPeer>
  /** Connects to one of the daemon's sockets, and leaves once somebody has taken the connection; fails when nobody listens there. */
  knock(name: 'daemon.sock' | 'codex.sock'): Promise<Knock>
  /** The internet sockets, listening or not, that a process has open, as lines of the kernel's tables. */
  inetSockets(pid: string): Promise<string[]>
  /** What `systemctl show` says of one property of a unit. */
  property(unit: string, name: string): Promise<string>
  /** Sends a signal to a process that the user sees under this pid. */
  signal(name: string, pid: number | string): Promise<void>
  /** A file's path, seen from here. */
  seen(path: string): string
  /** Lets go of every peer that was connected. */
  disconnect(): void
}

const nodeInProject = relative(projectDir, process.execPath)

/** The program and its arguments that run ours inside. */
export const ourProgram = [
  nodeInProject.startsWith('..') ? process.execPath : join('/run/project', nodeInProject),
  '/run/project/bin/run.js',
] as const

/** The user's PATH, with the project's own Codex. */
export const pathInside = '/run/project/node_modules/.bin:/usr/local/bin:/usr/bin:/bin'

/** Makes stdin and stdout a connection to a socket. */
const bridgeScript =
  'const s = require("net").connect(process.argv[1]); s.on("error", () => process.exit()).on("close", () => process.exit()); process.stdin.pipe(s).pipe(process.stdout)'

const runtimeDir = `/run/user/${uid}/codex-share`

export function userInside(namespaces: SystemdNamespaces): UserInside {
  const seen = (path: string) => join('/proc', namespaces.pid, 'root', path)
  const journalGroup = /^systemd-journal:[^:]*:(\d+)/m.exec(readFileSync('/etc/group', 'utf8'))?.[1] ?? String(uid)
  const identity = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, `--groups=${uid},${journalGroup}`]
  const env = {
    ...{ HOME: '/run/home', USER: 'tester', LOGNAME: 'tester', SHELL: '/bin/bash', LANG: 'C.UTF-8', NO_COLOR: '1' },
    XDG_RUNTIME_DIR: `/run/user/${uid}`,
    PATH: pathInside,
  }
  const run: UserInside['run'] = (...command) =>
    runInside(namespaces, ['env', '--chdir=/run/home', ...identity, ...command], env)
  const ok: UserInside['ok'] = async (...command) => {
    const { status, stdout, stderr } = await run(...command)
    if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${stdout}${stderr}`)
    return stdout
  }
  const peers: TestPeer[] = []
  return {
    run,
    ok,
    share: (...args) => run(...ourProgram, ...args),
    async connect(options) {
      // The daemon serves the processes of its own user, and we are root.
      const bridge = [...identity, ourProgram[0], '-e', bridgeScript, `${runtimeDir}/daemon.sock`]
      const child = spawn('nsenter', [...entering(namespaces), ...bridge], { env, stdio: ['pipe', 'pipe', 'inherit'] })
      const ended = once(child, 'close').then(() => new Error('the bridge ended'))
      const streams = { input: child.stdout, output: child.stdin, ended, end: () => void child.kill() }
      const peer = await introduceTestPeer(new StreamChannel(streams), options)
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
      const socket = connect(seen(`${runtimeDir}/${name}`))
      await once(socket, 'connect')
      // Neither JSON nor a WebSocket: on both sockets that is answered.
      socket.on('data', () => socket.destroy()).on('error', () => {})
      socket.write('GET / HTTP/1.0\r\n\r\n')
      return { taken: new Promise((resolve) => socket.once('close', resolve)) }
    },
    property: async (unit, name) =>
      (await ok('systemctl', '--user', 'show', `--property=${name}`, '--value', unit)).trim(),
    signal: async (name, pid) => void (await ok('kill', '-s', name, String(pid))),
    seen,
    disconnect: () => {
      for (const peer of peers.splice(0)) peer.close()
    },
  }
}

/** Arguments of `nsenter` for a process in there. */
export function entering({ pid }: SystemdNamespaces): string[] {
  return ['--target', pid, '--mount', '--pid', '--cgroup', '--uts', '--ipc']
}

/** Runs a command inside, as root unless it changes that itself. */
export function runInside(
  namespaces: SystemdNamespaces,
  command: readonly string[],
  env: NodeJS.ProcessEnv = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' },
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    execFile('nsenter', [...entering(namespaces), ...command], { env, timeout: 60_000 }, (error, stdout, stderr) => {
      const status = error ? error.code : 0
      if (typeof status === 'number') resolve({ status, stdout, stderr })
      else reject(new Error(`${command.join(' ')}: ${error?.message}`))
    })
  })
}
