/** A home with the scripted model for tests of the built command line; the daemon is the one that the commands start. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { readLiveRecord } from '../../../src/platform/processes/process-record.ts'
import { eventually } from '../waiting/eventually.ts'
import { withoutWaiting } from '../waiting/without-waiting.ts'
import { makeSite, type TestSite } from './daemon-process.ts'

export interface CommandResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command on its way; the result of its end has nothing of what it waited for. */
export interface Command {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  readonly ended: Promise<CommandResult>
}

export interface CommandSite extends TestSite {
  start(args: readonly string[], options?: { readonly input?: string; readonly env?: NodeJS.ProcessEnv }): Command
  /** Runs a command to its end. */
  run(...args: string[]): Promise<CommandResult>
  /** Runs a command that must succeed, and reads the JSON it printed. */
  json(...args: string[]): Promise<Record<string, unknown>>
  /** Shares a new thread and returns its id. */
  share(name?: string): Promise<string>
  daemonPid(): Promise<number>
}

const program = join(import.meta.dirname, '../../../bin/run.js')

export async function makeCommandSite(options: Parameters<typeof makeSite>[0] = {}): Promise<CommandSite> {
  const site = await makeSite(options)
  const running = new Set<ChildProcess>()
  const start: CommandSite['start'] = (args, { input = '', env = {} } = {}) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { ...site.env, ...env },
      cwd: site.dir,
      stdio: 'pipe',
    })
    running.add(child)
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    // A command that has failed may be gone before it has read its input.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    const ended = new Promise<CommandResult>((resolve) => {
      child.once('close', (code) => {
        running.delete(child)
        resolve({ code, stdout, stderr: withoutWaiting(stderr) })
      })
    })
    return { child, stdout: () => stdout, stderr: () => stderr, ended }
  }
  const run: CommandSite['run'] = (...args) => start(args).ended
  const json: CommandSite['json'] = async (...args) => {
    const { code, stdout, stderr } = await run(...args, '--json')
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`)
    return JSON.parse(stdout) as Record<string, unknown>
  }
  return {
    ...site,
    start,
    run,
    json,
    share: async (name) => String((await json('start', ...(name ? ['--name', name] : []))).threadId),
    daemonPid: async () => (await eventually('the daemon runs', () => readLiveRecord(site.ownerRecord))).pid,
    close: async () => {
      for (const child of running) child.kill('SIGKILL')
      // Asked first: a daemon that is killed while it starts the app-server leaves one behind that nobody knows of.
      await run('daemon', 'stop', '--all')
      await site.close()
    },
  }
}

/** The lines of JSON output, parsed. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
