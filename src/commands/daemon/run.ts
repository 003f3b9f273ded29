/** `daemon run`: is the daemon, in the foreground, for a service manager or for looking at it. */
import { join } from 'node:path'
import { exitCodeUnder } from '../../supervision/service-units.ts'
import { BaseCommand } from '../base/base-command.ts'
import { codexBinFlag } from '../base/daemon-command.ts'

const programFile = join(import.meta.dirname, '../../../bin/run.js')

export default class DaemonRun extends BaseCommand {
  static override summary = 'Run the daemon in the foreground.'
  static override description =
    'A service manager runs this. By hand there is no need: every command starts the daemon when it is missing. When a daemon runs already this one leaves at once.'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  static override flags = { 'codex-bin': codexBinFlag }

  /** Ctrl-C is the daemon's own to handle. */
  protected override onInterrupt(): void {}

  protected override exitCodeFor(code: number): number {
    return exitCodeUnder(process.env, code)
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(DaemonRun)
    const { runDaemon } = await import('../../daemon/start/run-daemon.ts')
    const result = await runDaemon({ programFile, codexBin: flags['codex-bin'] })
    if (result.served) this.notice(`The daemon has ended: ${result.reason}`)
    else this.notice(`A daemon is running already: pid ${result.pid}, version ${result.version}`)
    // All is closed; deadlines of what was given up would keep the process for seconds, and those who wait for its end with it.
    this.exit(0)
  }
}
