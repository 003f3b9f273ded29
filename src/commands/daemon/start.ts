/** `daemon start`: starts the daemon in the background, unless it runs. */
import { findDaemon } from '../../client/connection/find-daemon.ts'
import { codexBinFlag, DaemonCommand } from '../base/daemon-command.ts'

export default class DaemonStart extends DaemonCommand {
  static override summary = 'Start the daemon in the background.'
  static override description =
    'Every other command does this by itself when the daemon is missing. Starting it twice changes nothing.'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  static override flags = { 'codex-bin': codexBinFlag }

  override async run(): Promise<void> {
    const { flags } = await this.parse(DaemonStart)
    await this.checkCodexBin(flags['codex-bin'])
    const { probe } = await findDaemon(this.places)
    const wasRunning = probe.state === 'open'
    if (probe.state === 'open') probe.channel.close()
    // The daemon takes it from its environment, which is ours.
    if (flags['codex-bin'] !== undefined) process.env.CODEX_SHARE_CODEX_BIN = flags['codex-bin']
    if (wasRunning && flags['codex-bin'] !== undefined)
      this.notice('The daemon runs already; --codex-bin takes effect with `daemon restart`.')
    await this.writeRunning(await this.status({ start: true }), wasRunning ? 'Already running' : 'Started', flags.json)
  }
}
