/** The home that steps run in: its commands, its processes, and what was posted. */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type CommandResult, type CommandSite, makeCommandSite } from '../../support/sites/command-site.ts'
import { killGroup, scriptByWords } from '../../support/sites/daemon-process.ts'
import { eventually } from '../../support/waiting/eventually.ts'
import { signalIfThere } from '../../support/waiting/signal-if-there.ts'

export interface World extends Pick<CommandSite, 'dir' | 'runtimeDir' | 'daemonPid'> {
  /** Runs a command; the daemon that it starts does its work on files in one thread, so that its calls can be counted. */
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<CommandResult>
  /** How often the model was asked this. */
  timesAsked(prompt: string): number
  daemons(): number[]
  appServers(): number[]
  /** SIGKILL, and wait for the end. */
  kill(what: 'daemons' | 'appServers'): Promise<void>
  /** Removes the folders of ours, as if nothing had ever run. */
  clear(): void
  /** A thread that is shared, and may be posted into. */
  threadId: string | undefined
  close(): Promise<void>
}

/** A command that takes longer hangs. */
const hungMs = 40_000

export async function makeWorld(): Promise<World> {
  const asked = new Map<string, number>()
  const site = await makeCommandSite({
    script: (turn) => {
      if (turn.toolOutput === undefined) asked.set(turn.prompt, (asked.get(turn.prompt) ?? 0) + 1)
      return scriptByWords(turn)
    },
  })
  const { dir, runtimeDir } = site
  const daemons = () => pidsWith(['daemon', 'run'], `CODEX_SHARE_RUNTIME_DIR=${runtimeDir}`)
  const appServers = () => pidsWith([`unix://${join(runtimeDir, 'app-server.sock')}`])
  const world: World = {
    ...{ dir, runtimeDir, threadId: undefined, daemons, appServers },
    run: async (args, env = {}) => {
      const command = site.start(args, { env: { UV_THREADPOOL_SIZE: '1', ...env } })
      const hung = setTimeout(() => command.child.kill('SIGKILL'), hungMs)
      return await command.ended.finally(() => clearTimeout(hung))
    },
    // Not by its record: that may be what could not be written.
    daemonPid: () => eventually('the daemon runs', () => daemons()[0]),
    timesAsked: (prompt) => asked.get(prompt) ?? 0,
    kill: async (what) => {
      const pids = world[what]()
      for (const pid of pids) what === 'daemons' ? signalIfThere(pid, 'SIGKILL') : killGroup(pid)
      await eventually(`${what} end`, () => world[what]().length === 0)
    },
    clear: () => {
      for (const folder of [...['data', 'state', 'config'].map((name) => join(dir, name, 'codex-share'))])
        rmSync(folder, { recursive: true, force: true })
      for (const name of readdirSync(runtimeDir)) rmSync(join(runtimeDir, name), { recursive: true })
      world.threadId = undefined
    },
    close: async () => {
      await world.kill('daemons')
      await world.kill('appServers')
      await site.close()
    },
  }
  return world
}

/** Processes whose command line has these words and whose environment has this line; a zombie has neither. */
function pidsWith(words: readonly string[], variable?: string): number[] {
  const textOf = (pid: string, name: string) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'utf8').split('\0')
    } catch {
      return [] // It has ended.
    }
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const line = textOf(pid, 'cmdline')
      return words.every((word) => line.includes(word)) && (!variable || textOf(pid, 'environ').includes(variable))
    })
    .map(Number)
}
