/** A Mac, as far as one can be had on another system: the built program takes it for one, under a launchd that is scripted. */
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeScriptedHome } from '../../../src/demo/scripted-home.ts'
import { type ScriptedModel, startScriptedModel } from '../../../src/demo/scripted-model.ts'
import { makeScratch } from '../scratch.ts'
import { scriptByWords } from '../sites/daemon-process.ts'
import { ScriptedLaunchd } from './launchd.ts'

export interface MacResult {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

export interface MacSite {
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  readonly launchd: ScriptedLaunchd
  readonly model: ScriptedModel
  /** Runs a command of codex-share's to its end. */
  share(...args: string[]): Promise<MacResult>
  /** Runs one that must succeed, and reads what it printed. */
  // biome-ignore lint/suspicious/noExplicitAny: the tests know what each prints.
  json(...args: string[]): Promise<any>
  log(name: string): string
  close(): Promise<void>
}

const root = join(import.meta.dirname, '../../..')
export const program = join(root, 'bin/run.js')

export async function makeMacSite(): Promise<MacSite> {
  const scratch = makeScratch()
  // As APFS has what was typed as é on another machine. Not longer: the paths of sockets are in here.
  const home = join(realpathSync(scratch.dir), 'e\u0301')
  mkdirSync(home)
  const model = await startScriptedModel({ script: scriptByWords })
  makeScriptedHome({ dir: join(home, '.codex'), baseUrl: model.baseUrl })
  const mac = {
    MAC_TOOLS: join(import.meta.dirname, 'tools'),
    NODE_OPTIONS: `--require=${join(import.meta.dirname, 'become-mac.cjs')}`,
  }
  const agentEnv: Record<string, string> = { ...mac }
  const launchd = new ScriptedLaunchd({ dir: scratch.dir, home, agentEnv })
  Object.assign(agentEnv, launchd.env)
  const folders = [launchd.bin, dirname(process.execPath), join(root, 'node_modules/.bin'), '/usr/bin', '/bin']
  const env = { HOME: home, LANG: 'C.UTF-8', NO_COLOR: '1', PATH: folders.join(':'), ...mac, ...launchd.env }
  const share: MacSite['share'] = (...args) =>
    new Promise((resolve) => {
      execFile(process.execPath, [program, ...args], { env, cwd: home, timeout: 90_000 }, (error, stdout, stderr) => {
        resolve({ status: error ? Number(error.code ?? -1) : 0, stdout, stderr })
      })
    })
  return {
    home,
    env,
    launchd,
    model,
    share,
    async json(...args) {
      const { status, stdout, stderr } = await share(...args, '--json')
      if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
      return JSON.parse(stdout)
    },
    log: (name) => readFileSync(join(home, 'Library/Logs/codex-share', name), 'utf8'),
    async close() {
      await launchd.close()
      await model.close()
      scratch.remove()
    },
  }
}
