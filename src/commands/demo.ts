/** `demo`: shows what this program does, on the real app-server with a scripted model. */
import { runDemo } from '../demo/run-demo.ts'
import { ShareError } from '../protocol/errors.ts'
import { BaseCommand } from './base-command.ts'

export default class Demo extends BaseCommand {
  static override summary = 'See it work: a shared thread from start to stop, in under a minute.'
  static override description =
    'Runs the real Codex app-server with a scripted offline model in a temporary home. It needs no account and no network, and touches nothing of yours.'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  override async run(): Promise<void> {
    await this.parse(Demo)
    const { signal } = this.leaving
    const write = (text: string) => process.stdout.write(text)
    const emphasise = (text: string) => this.paint('heading', text)
    try {
      await runDemo({ env: process.env, write, emphasise, signal })
    } catch (error) {
      throw signal.aborted
        ? new ShareError('cancelled', 'The demo was stopped; it has cleaned up.', { cause: error })
        : error
    }
  }

  private readonly leaving = new AbortController()

  protected override onInterrupt(): void {
    this.leaving.abort()
  }
}
