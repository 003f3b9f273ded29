/** `daemon restart`: puts a new daemon in the place of the running one. */
import { restartDaemon } from '../../client/restart-daemon.ts'
import { codexBinFlag, DaemonCommand } from '../daemon-command.ts'

export default class DaemonRestart extends DaemonCommand {
  static override summary = 'Restart the daemon, with the program as it is on disk now.'
  static override description =
    'No client is refused meanwhile: those who follow a thread go on where they were, and a turn that runs goes on. Starts the daemon when none runs.'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  static override flags = { 'codex-bin': codexBinFlag }

  override async run(): Promise<void> {
    const { flags } = await this.parse(DaemonRestart)
    await this.checkCodexBin(flags['codex-bin'])
    const { places, identity, notice } = this
    const bin = flags['codex-bin']
    const env = bin === undefined ? {} : { CODEX_SHARE_CODEX_BIN: bin }
    const client = this.keep(await restartDaemon({ places, identity, notice, env }))
    await this.tellRunning(await client.call('share/status', {}), 'Restarted', flags.json)
  }
}
