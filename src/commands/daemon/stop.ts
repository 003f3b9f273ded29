/** `daemon stop`: ends the daemon, and with --all the app-server too. */
import { Flags } from '@oclif/core'
import { stopDaemon } from '../../client/daemon-control/stop-daemon.ts'
import { DaemonCommand } from '../base/daemon-command.ts'

export default class DaemonStop extends DaemonCommand {
  static override summary = 'Stop the daemon.'
  static override description =
    'A turn that runs goes on in the Codex app-server, and is caught up with by the next daemon. With --all the app-server ends too, and with it the turn.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --all']

  static override flags = {
    all: Flags.boolean({ description: 'Also stop the Codex app-server that the daemon keeps.' }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(DaemonStop)
    const { places, identity, notice } = this
    const stopping = stopDaemon({ places, identity, notice, appServer: flags.all })
    const stopped = await this.noticeWhenSlow('waiting for the daemon to end…', stopping)
    if (flags.json) return await this.writeJson(stopped)
    const { daemonPid, appServerPid } = stopped
    const lines = [
      daemonPid === null ? 'The daemon was not running.' : `Stopped the daemon (pid ${daemonPid}).`,
      ...(appServerPid === null ? [] : [`Stopped the Codex app-server (pid ${appServerPid}).`]),
    ]
    await this.write(`${lines.join('\n')}\n`)
  }
}
