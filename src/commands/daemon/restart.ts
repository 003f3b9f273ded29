/** `daemon restart`: puts a new daemon in the place of the running one. */
import { Flags } from '@oclif/core'
import { restartDaemon } from '../../client/restart-daemon.ts'
import { ledgersPutAside, wishForCheck } from '../../platform/ledger-files.ts'
import { dataFolder, prepareFolder } from '../../platform/own-folders.ts'
import { codexBinFlag, DaemonCommand } from '../daemon-command.ts'

export default class DaemonRestart extends DaemonCommand {
  static override summary = 'Restart the daemon, with the program as it is on disk now.'
  static override description =
    'No client is refused meanwhile: those who follow a thread go on where they were, and a turn that runs goes on. Starts the daemon when none runs.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --check-ledger',
  ]

  static override flags = {
    'codex-bin': codexBinFlag,
    'check-ledger': Flags.boolean({
      description:
        'Have it read every page of the ledger first. One that is damaged is put aside, and a new one begun from what Codex has.',
    }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(DaemonRestart)
    await this.checkCodexBin(flags['codex-bin'])
    const { places, identity, notice } = this
    const bin = flags['codex-bin']
    const env = bin === undefined ? {} : { CODEX_SHARE_CODEX_BIN: bin }
    const { ledgerFile } = places
    const before = ledgersPutAside(ledgerFile)
    if (flags['check-ledger']) {
      prepareFolder(dataFolder(places))
      wishForCheck(ledgerFile)
    }
    const client = this.keep(await restartDaemon({ places, identity, notice, env }))
    for (const file of ledgersPutAside(ledgerFile).filter((file) => !before.includes(file)))
      notice(`The ledger was damaged: it is now ${file}, and a new one was begun from what Codex has.`)
    await this.tellRunning(await client.call('share/status', {}), 'Restarted', flags.json)
  }
}
