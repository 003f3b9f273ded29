/** Runs this program's own commands for the demo, as somebody would type them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const program = join(import.meta.dirname, '../../bin/run.js')

interface CommandResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that runs in the background. */
interface RunningCommand {
  /** What it wrote to stdout so far. */
  readonly stdout: () => string
  /** Resolves once stdout has it; rejects when the command ends before. */
  waitFor(what: RegExp): Promise<void>
  readonly ended: Promise<CommandResult>
  /** As Ctrl-C would. */
  stop(): Promise<CommandResult>
}

export class DemoCommands {
  private readonly env: NodeJS.ProcessEnv
  private readonly cwd: string
  private readonly running = new Set<ChildProcess>()

  constructor(options: { readonly env: NodeJS.ProcessEnv; readonly cwd: string }) {
    this.env = options.env
    this.cwd = options.cwd
  }

  /** Runs a command to its end; `onOutput` is given what it writes, as it comes. */
  run(args: readonly string[], onOutput?: (text: string) => void): Promise<CommandResult> {
    return this.start(args, onOutput).ended
  }

  start(args: readonly string[], onOutput: (text: string) => void = () => {}): RunningCommand {
    const child = spawn(process.execPath, [program, ...args], {
      env: this.env,
      cwd: this.cwd,
      stdio: 'pipe',
      // Ctrl-C is for the demo alone: it would end the command that cleans up, too.
      detached: true,
    })
    this.running.add(child)
    let [stdout, stderr] = ['', '']
    const waiting = new Set<() => void>()
    child.stdin.end()
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      onOutput(text)
      for (const look of waiting) look()
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      onOutput(text)
    })
    const ended = new Promise<CommandResult>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => {
        this.running.delete(child)
        resolve({ code, stdout, stderr })
      })
    })
    return {
      stdout: () => stdout,
      waitFor: (what) =>
        new Promise((resolve, reject) => {
          const look = () => {
            if (stdout.search(what) === -1) return
            waiting.delete(look)
            resolve()
          }
          waiting.add(look)
          look()
          ended.then(() => reject(new Error(`${args.join(' ')} ended before it showed ${what}: ${stderr}`)), reject)
        }),
      ended,
      stop: () => {
        child.kill('SIGINT')
        return ended
      },
    }
  }

  /** Ends what still runs. */
  async close(): Promise<void> {
    const left = [...this.running]
    for (const child of left) child.kill('SIGKILL')
    await Promise.all(
      left.map((child) => (child.exitCode === null ? new Promise((end) => child.once('close', end)) : undefined)),
    )
  }
}
