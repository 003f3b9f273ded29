/** The real daemon as a process of its own, in a temporary home, on the real app-server with the scripted model. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ModelStep, ModelTurn } from '../../../src/demo/model-script.ts'
import { makeScriptedHome, type ScriptedHomeOptions } from '../../../src/demo/scripted-home.ts'
import { type ScriptedModel, startScriptedModel } from '../../../src/demo/scripted-model.ts'
import { readLiveRecord } from '../../../src/platform/processes/process-record.ts'
import { connectTestPeer, type TestPeer, type TestPeerOptions } from '../peers/test-peer.ts'
import { makeScratch, type Scratch } from '../scratch.ts'
import { amongOwnMounts } from '../system/own-mounts.ts'
import { eventually } from '../waiting/eventually.ts'
import { signalIfThere } from '../waiting/signal-if-there.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

export interface TestSite extends Scratch {
  readonly model: ScriptedModel
  readonly socket: string
  /** Starts a daemon and waits until it answers. `mounts` are shell lines that give it mounts of its own. */
  startDaemon(env?: NodeJS.ProcessEnv, options?: { readonly mounts?: string }): Promise<ChildProcess>
  connect(options?: TestPeerOptions): Promise<TestPeer>
  /** Pid of the app-server that runs now. */
  appServerPid(): Promise<number>
  daemonLog(): string
  /** Ends everything that was started, the app-server too. */
  close(): Promise<void>
}

/** What the scripted model does by the words of a prompt, unless a test brings its own script. */
export function scriptByWords({ prompt, toolOutput }: ModelTurn): readonly ModelStep[] {
  if (toolOutput !== undefined) return [{ say: 'The command has run.' }]
  const [verb, count = '1', size = '20'] = prompt.trim().split(/\s+/)
  if (verb === 'hold') return [{ say: 'Before the hold. ' }, { hold: count }, { say: 'After the hold.' }]
  if (verb === 'deltas') return [{ say: 'x'.repeat(Number(count) * Number(size)), chunks: Number(count) }]
  if (verb === 'open')
    return [{ say: 'x'.repeat(Number(count) * Number(size)), chunks: Number(count), thenHold: 'open' }]
  if (verb === 'midline') return [{ say: 'Half a sentence', thenHold: count }]
  if (verb === 'count') return [{ say: 'one two three four five six', holdBetween: count }]
  if (verb === 'slow') return [{ say: 'one two three four five six seven eight nine ten', everyMs: Number(count) }]
  if (verb === 'run') return [{ run: prompt.slice('run '.length) }]
  if (verb === 'ask') return [{ run: prompt.slice('ask '.length), outsideSandbox: true }]
  if (verb === 'fail') return [{ fail: 'the model is out of order' }]
  return [{ say: `You said: ${prompt}` }]
}

export interface SiteOptions
  extends Pick<ScriptedHomeOptions, 'approvalPolicy' | 'sandboxMode' | 'provider' | 'tables'> {
  readonly script?: typeof scriptByWords
  readonly settings?: object
}

export async function makeSite({
  script = scriptByWords,
  settings,
  ...homeOptions
}: SiteOptions = {}): Promise<TestSite> {
  const scratch = makeScratch()
  const model = await startScriptedModel({ script })
  makeScriptedHome({ dir: scratch.codexHome, baseUrl: model.baseUrl, ...homeOptions })
  if (settings) writeSettings(scratch, settings)
  const socket = join(scratch.runtimeDir, 'daemon.sock')
  const daemons: ChildProcess[] = []
  const peers: TestPeer[] = []
  const connect = async (options: TestPeerOptions = {}) => {
    const peer = await connectTestPeer(socket, options)
    peers.push(peer)
    return peer
  }
  const { appServerRecord } = scratch
  return {
    ...scratch,
    model,
    socket,
    async startDaemon(env = {}, { mounts } = {}) {
      const command = [process.execPath, join(root, 'test/support/sites/daemon-main.ts')]
      const [file, args] = mounts === undefined ? [command[0], command.slice(1)] : amongOwnMounts(mounts, command)
      const daemon = spawn(String(file), args, {
        env: { ...scratch.env, ...env },
        stdio: ['ignore', 'inherit', 'inherit'],
      })
      daemons.push(daemon)
      await eventually('the daemon answers', async () => {
        if (daemon.exitCode !== null) throw new Error(`the daemon ended with ${daemon.exitCode}: ${scratch.dir}`)
        const peer = await connectTestPeer(socket).catch(() => undefined)
        peer?.close()
        return peer?.hello.pid === daemon.pid
      })
      return daemon
    },
    connect,
    appServerPid: async () => (await eventually('the app-server runs', () => readLiveRecord(appServerRecord))).pid,
    daemonLog: () => readFileSync(join(scratch.dir, 'state/codex-share/daemon.log'), 'utf8'),
    async close() {
      for (const peer of peers) peer.close()
      for (const daemon of daemons) await endProcess(daemon)
      // Only now: a daemon that lived may have started another.
      const appServer = await readLiveRecord(appServerRecord)
      if (appServer) killGroup(appServer.pid)
      await model.close()
      scratch.remove()
    },
  }
}

function writeSettings(scratch: Scratch, settings: object): void {
  const dir = join(scratch.dir, 'config/codex-share')
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'config.json'), JSON.stringify(settings))
}

/** SIGKILL, and wait for the end. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

export function killGroup(pid: number): void {
  signalIfThere(-pid, 'SIGKILL')
}
