/** The home of a soak: real commands in it, the real Codex with a scripted model, a small disk of its own, and a clock that can be set. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeScriptedHome } from '../../../src/demo/scripted-home.ts'
import { type ScriptedModel, startScriptedModel } from '../../../src/demo/scripted-model.ts'
import { makeScratch, type Scratch } from '../../support/scratch.ts'
import { answerByWords } from './answers.ts'

const program = join(import.meta.dirname, '../../../bin/run.js')

export interface StartedCommand {
  readonly child: ChildProcess
  /** Whole lines of stdout so far. */
  readonly lines: string[]
  readonly stderr: () => string
  /** The exit code, null when it was killed. */
  readonly ended: Promise<number | null>
}

export interface SoakSite extends Scratch {
  readonly model: ScriptedModel
  readonly asked: Map<string, number>
  /** The disk with ledger, records and logs on it; null where it is the machine's own. */
  readonly disk: string | null
  /** Sets the clock of all programs but Codex, in days from now; null where that cannot be had. */
  readonly setClock: ((days: number) => void) | null
  start(...args: readonly string[]): StartedCommand
  /** A command that is waited for. */
  run(...args: readonly string[]): Promise<{ readonly code: number | null; readonly lines: string[] }>
  close(options: { readonly keep: boolean }): Promise<void>
}

export interface SoakSiteOptions {
  /** Whether this process has mounts of its own. */
  readonly ownMounts: boolean
  readonly diskMiB: number
}

export async function makeSoakSite({ ownMounts, diskMiB }: SoakSiteOptions): Promise<SoakSite> {
  const scratch = makeScratch()
  const asked = new Map<string, number>()
  const model = await startScriptedModel({
    script: (turn) => {
      if (turn.toolOutput === undefined) asked.set(turn.prompt, (asked.get(turn.prompt) ?? 0) + 1)
      return answerByWords(turn)
    },
  })
  makeScriptedHome({ dir: scratch.codexHome, baseUrl: model.baseUrl })
  const config = join(scratch.dir, 'config/codex-share')
  mkdirSync(config, { recursive: true })
  writeFileSync(join(config, 'config.json'), JSON.stringify({ adopt: true }))
  const disk = ownMounts ? join(scratch.dir, 'data') : null
  const env = { ...scratch.env, XDG_STATE_HOME: join(scratch.dir, 'data/state') }
  if (disk !== null) mountDisk(disk, diskMiB)
  const clock = clockOf(scratch.dir)
  const children = new Set<ChildProcess>()
  const start: SoakSite['start'] = (...args) => {
    const child = spawn(process.execPath, [program, ...args], { env: { ...env, ...clock?.env }, cwd: scratch.dir })
    children.add(child)
    return { child, ...gather(child), ended: ending(child).finally(() => children.delete(child)) }
  }
  return {
    ...scratch,
    env: { ...env, ...clock?.env },
    model,
    asked,
    disk,
    setClock: clock?.set ?? null,
    start,
    run: async (...args) => {
      const { lines, ended } = start(...args)
      return { code: await ended, lines }
    },
    close: async ({ keep }) => {
      for (const child of children) child.kill('SIGKILL')
      await model.close()
      // The disk goes with this process.
      if (keep && disk !== null) cpSync(disk, `${disk}-kept`, { recursive: true })
      if (disk !== null) spawnSync('umount', ['--lazy', disk])
      if (!keep) scratch.remove()
    },
  }
}

function mountDisk(path: string, sizeMiB: number): void {
  const { status, stderr } = spawnSync(
    'sh',
    ['-ec', 'mkdir -p "$1"; mount -t tmpfs -o "size=$2m,mode=700" tmpfs "$1"', 'sh', path, `${sizeMiB}`],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`the disk cannot be mounted: ${stderr}`)
}

/** libfaketime reads the offset from a file once a second; the clock for spans of time and the times of files stay as they are. */
function clockOf(dir: string): { readonly env: NodeJS.ProcessEnv; readonly set: (days: number) => void } | null {
  const { status, stdout } = spawnSync('faketime', ['-f', '+0', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' })
  const library = stdout?.trim()
  if (status !== 0 || !existsSync(library)) return null
  const file = join(dir, 'clock')
  const set = (days: number) => writeFileSync(file, `${days < 0 ? '' : '+'}${days}d\n`)
  set(0)
  const env = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_CACHE_DURATION: '1',
    DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
  }
  return { env, set }
}

function gather(child: ChildProcess): { readonly lines: string[]; readonly stderr: () => string } {
  const lines: string[] = []
  let rest = ''
  let said = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-10_000)
  })
  return { lines, stderr: () => said }
}

function ending(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)))
}
