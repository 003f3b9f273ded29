/** A temporary home with the built program's daemon in it, on the real Codex with a scripted model or on the fake one. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { makeScriptedHome } from '../../src/demo/scripted-home.ts'
import { makeScratch } from '../../test/support/scratch.ts'
import { connectDaemonPeer } from '../wires/daemon-peer.ts'
import type { Peer } from '../wires/peer.ts'
import { atTheEnd, endWithUs } from './clean-up.ts'
import { endAppServer } from './end-app-server.ts'
import { keepFor } from './keep-for.ts'
import { startModel } from './start-model.ts'

export interface SceneOptions {
  readonly codex: 'real' | 'fake'
  /** Called with the path of the ledger before the daemon starts. */
  readonly prepareLedger?: (ledgerFile: string) => Promise<void>
}

export interface Scene {
  readonly dir: string
  readonly env: NodeJS.ProcessEnv
  readonly daemonSocket: string
  readonly appServerSocket: string
  daemonPid(): number
  /** Starts the daemon again; with `waitMs` what it took until the first reply. */
  startDaemon(): Promise<{ readonly firstReplyMs: number }>
  stopDaemon(): Promise<void>
  /** A peer that only makes requests. */
  connect(): Promise<Peer>
  close(): Promise<void>
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))
export const root = file('../..')
export const program = join(root, 'bin/run.js')
/** The npm launcher of Codex, as people have it on their PATH. */
export const codexLauncher = createRequire(import.meta.url).resolve('@openai/codex/bin/codex.js')

export async function makeScene({ codex, prepareLedger }: SceneOptions): Promise<Scene> {
  const { dir, runtimeDir, codexHome, appServerRecord, env: scratchEnv, remove } = makeScratch()
  const keepFolder = atTheEnd(remove)
  const model = codex === 'real' ? await startModel() : undefined
  if (model) makeScriptedHome({ dir: codexHome, baseUrl: model.baseUrl })
  const env = {
    ...scratchEnv,
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    CODEX_SHARE_CODEX_BIN: codex === 'real' ? codexLauncher : file('../../test/fixtures/fake-app-server.ts'),
  }
  const daemonSocket = join(runtimeDir, 'daemon.sock')
  const keepAppServer = atTheEnd(() => endAppServer(appServerRecord))
  mkdirSync(join(dir, 'data/codex-share'), { recursive: true, mode: 0o700 })
  keepFor(dir, 0)
  await prepareLedger?.(join(dir, 'data/codex-share/ledger.db'))
  let daemon: ChildProcess | undefined

  const scene: Scene = {
    dir,
    env,
    daemonSocket,
    appServerSocket: join(runtimeDir, 'app-server.sock'),
    daemonPid: () => daemon?.pid ?? 0,
    async startDaemon() {
      const from = performance.now()
      daemon = spawn(process.execPath, [program, 'daemon', 'run'], { env, stdio: 'ignore', cwd: dir })
      endWithUs(daemon)
      const peer = await connectWhenThere(daemonSocket, daemon)
      const firstReplyMs = performance.now() - from
      peer.close()
      return { firstReplyMs }
    },
    async stopDaemon() {
      if (!daemon || daemon.exitCode !== null || daemon.signalCode !== null) return
      const ended = once(daemon, 'exit')
      daemon.kill('SIGTERM')
      await ended
    },
    connect: () => connectDaemonPeer({ socketPath: daemonSocket, onDelta: () => {}, onNotification: () => {} }),
    async close() {
      await scene.stopDaemon()
      endAppServer(appServerRecord)
      keepAppServer()
      model?.close()
      keepFolder()
      remove()
    },
  }
  await scene.startDaemon()
  // The first request that needs Codex waits for it.
  const peer = await scene.connect()
  await peer.call('thread/list', {})
  peer.close()
  return scene
}

async function connectWhenThere(socketPath: string, daemon: ChildProcess): Promise<Peer> {
  for (;;) {
    if (daemon.exitCode !== null) throw new Error(`the daemon ended with ${daemon.exitCode}`)
    try {
      return await connectDaemonPeer({ socketPath, onDelta: () => {}, onNotification: () => {} })
    } catch {
      await delay(1) // Not listening yet.
    }
  }
}
