/** `service uninstall`: takes the daemon and the app-server out of the service manager's hands. */
import { Flags } from '@oclif/core'
import { findDaemon } from '../../client/connection/find-daemon.ts'
import { ShareError } from '../../protocol/errors.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { findManager } from '../../supervision/find-manager.ts'
import { isLingering } from '../../supervision/systemd/linger.ts'
import { DaemonCommand } from '../base/daemon-command.ts'

export default class ServiceUninstall extends DaemonCommand {
  static override summary = 'Stop the service, and remove everything but the data.'
  static override description =
    'Shared threads and their history stay. Afterwards every command starts the daemon when it is missing.'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  static override flags = {
    now: Flags.boolean({ description: 'Also while a turn runs, which ends it.' }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(ServiceUninstall)
    const { places } = this
    const manager = findManager(process.env, places)
    if (!flags.now) await this.refuseWhileTurnsRun()
    const uninstalling = manager.uninstall()
    const { removed, left, problem } = await this.noticeWhenSlow('waiting for the service to end…', uninstalling)
    const kept = { dataDir: places.dataDir, configDir: places.configDir, stateDir: places.stateDir }
    if (flags.json) return await this.writeJson({ removed, left, problem, kept })
    const lines = [
      ...removed.map((path) => `Removed ${path}`),
      ...(removed.length === 0 ? ['Nothing was installed.'] : []),
      `Kept: ${places.dataDir} (threads and history), ${places.configDir} (settings), ${places.stateDir} (logs)`,
    ]
    await this.write(`${lines.map(visibleLine).join('\n')}\n`)
    for (const path of left) this.notice(`${path} is not ours and was left alone`)
    if (problem !== null) this.notice(`The service manager could not be told: ${problem}`)
    if (manager.kind === 'systemd' && isLingering())
      this.notice('Lingering is still on for you, maybe for something else: `loginctl disable-linger` switches it off.')
  }

  private async refuseWhileTurnsRun(): Promise<void> {
    const { probe } = await findDaemon(this.places)
    if (probe.state !== 'open') return
    probe.channel.close()
    const turns = await this.status({ start: false }).then(
      ({ activeTurns }) => activeTurns,
      () => 0, // It does not answer, so there is nothing of it to spare.
    )
    if (turns === 0) return
    throw new ShareError(
      'busy',
      `${turns === 1 ? 'a turn is' : `${turns} turns are`} running, and uninstalling would end it`,
      {
        hint: 'Wait for the end of it, or uninstall at once with --now.',
      },
    )
  }
}
