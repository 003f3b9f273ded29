/** `demo`: shows what this program does, on the real app-server with a scripted model. */
import { Flags } from '@oclif/core'
import { runDemo } from '../demo/run-demo.ts'
import { runTuiDemo } from '../demo/run-tui-demo.ts'
import { asShareError, ShareError } from '../protocol/errors.ts'
import { BaseCommand } from './base/base-command.ts'

export default class Demo extends BaseCommand {
  static override summary = 'See it work: a shared thread from start to stop, in under a minute.'
  static override description =
    'Runs the real Codex app-server with a scripted offline model in a temporary home. It needs no account and no network, and touches nothing of yours.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --tui']

  static override flags = {
    tui: Flags.boolean({ description: 'Open the terminal UI there, to try it by hand.' }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(Demo)
    this.stopOnSignals()
    if (flags.tui) return this.runUi()
    const { signal } = this.leaving
    const write = (text: string) => process.stdout.write(text)
    const emphasise = (text: string) => this.paint('heading', text)
    try {
      await runDemo({ env: process.env, write, emphasise, signal })
    } catch (error) {
      if (signal.aborted)
        throw new ShareError('cancelled', 'The demo was stopped; it has cleaned up.', { cause: error })
      // Its logs have gone with its home.
      const { message } = asShareError(error)
      throw new ShareError('unexpected', `the demo went wrong: ${message}`, {
        cause: error,
        hint: '`codex-share doctor` may tell what is missing here; else report what you see.',
      })
    }
  }

  private async runUi(): Promise<void> {
    if (process.stdin.isTTY !== true || process.stdout.isTTY !== true)
      throw new ShareError('usage', '--tui needs a terminal', { hint: 'Run `codex-share demo` without it.' })
    await runTuiDemo({ env: process.env, write: (text) => process.stdout.write(text), signal: this.leaving.signal })
  }

  private readonly leaving = new AbortController()

  /** However it is ended, what it started must not be left behind: also when its terminal is closed, or nobody reads on. */
  private stopOnSignals(): void {
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.onInterrupt())
    process.stdout.on('error', () => this.onInterrupt())
  }

  protected override onInterrupt(): void {
    if (!this.leaving.signal.aborted) this.notice('stopping…')
    this.leaving.abort()
  }
}
