/** `daemon restart`: puts a new daemon in the place of the running one. */
import { Flags } from '@oclif/core'
import type { DaemonClient } from '../../client/connection/daemon-client.ts'
import { serviceKind } from '../../client/daemon-control/control-by-service.ts'
import { moveAppServer } from '../../client/daemon-control/move-app-server.ts'
import { restartDaemon } from '../../client/daemon-control/restart-daemon.ts'
import { ledgersPutAside, requestIntegrityCheck } from '../../platform/places/ledger-files.ts'
import { dataFolder, prepareFolder } from '../../platform/places/own-folders.ts'
import type { Places } from '../../platform/places/resolve-places.ts'
import type { ManagerKind } from '../../platform/system/system.ts'
import type { ActiveTurn } from '../../protocol/methods.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { appServerVariables } from '../../supervision/service-units.ts'
import { codexBinFlag, DaemonCommand } from '../base/daemon-command.ts'
import { longestSpanMs, parseTimeSpan } from '../input/time-span.ts'

export default class DaemonRestart extends DaemonCommand {
  static override summary = 'Restart the daemon, with the program as it is on disk now.'
  static override description =
    'No client is refused meanwhile: those who follow a thread go on where they were, and a turn that runs goes on. Starts the daemon when none runs.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --app-server --timeout 10m',
    '<%= config.bin %> <%= command.id %> --check-ledger',
  ]

  static override flags = {
    'codex-bin': codexBinFlag,
    'app-server': Flags.boolean({
      description:
        'Also replace the Codex app-server that it keeps, as soon as no turn runs: the next one has the environment of this shell (a new API key, another CODEX_HOME) and the Codex that is installed now.',
    }),
    timeout: Flags.string({
      helpValue: 'SPAN',
      dependsOn: ['app-server'],
      description: 'How long to wait for running turns, such as 90s or 10m. Without it as long as they take.',
    }),
    'check-ledger': Flags.boolean({
      description:
        'Have it read every page of the ledger first. One that is damaged is put aside, and a new one begun from what Codex has.',
    }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(DaemonRestart)
    const timeoutMs = flags.timeout === undefined ? longestSpanMs : parseTimeSpan(flags.timeout, '--timeout')
    await this.checkCodexBin(flags['codex-bin'])
    const { places, identity, notice } = this
    const bin = flags['codex-bin']
    const env = bin === undefined ? {} : { CODEX_SHARE_CODEX_BIN: bin }
    const { ledgerFile } = places
    const before = ledgersPutAside(ledgerFile)
    if (flags['check-ledger']) {
      prepareFolder(dataFolder(places))
      requestIntegrityCheck(ledgerFile)
    }
    const restarting = restartDaemon({ places, identity, notice, env })
    const client = this.closeAtEnd(await this.noticeWhenSlow('waiting for the old daemon to end…', restarting))
    for (const file of ledgersPutAside(ledgerFile).filter((file) => !before.includes(file)))
      notice(`The ledger was damaged: it is now ${file}, and a new one was begun from what Codex has.`)
    if (flags['app-server']) await this.replaceAppServer(client, timeoutMs)
    await this.writeRunning(await this.status({ start: false }), 'Restarted', flags.json)
  }

  /** Its environment is the daemon's, which is this shell's by now, unless a service manager starts it. */
  private async replaceAppServer(client: DaemonClient, timeoutMs: number): Promise<void> {
    await moveAppServer(client, { timeoutMs, onWait: (turns) => this.notice(waitingText(turns)) })
    const kind = serviceKind(this.places)
    const { appServer } = await this.status({ start: false })
    const pid = appServer.pid === null ? '' : ` (pid ${appServer.pid})`
    this.notice(`Replaced the Codex app-server: it is Codex ${visibleLine(appServer.version ?? '')} now${pid}`)
    if (kind !== undefined) this.notice(environmentOfService[kind](this.places))
  }
}

const environmentOfService: Readonly<Record<ManagerKind, (places: Places) => string>> = {
  systemd: () =>
    'The service manager started it, with its own environment and not with this shell’s. An API key is set in `systemctl --user edit codex-share-app-server.service` (Environment= or EnvironmentFile= under [Service]), CODEX_HOME by `codex-share service install`.',
  launchd: (places) =>
    `launchd started it, with the environment of its agent and not with this shell’s. An API key goes into ${appServerVariables(places)} (a line of NAME=value, in a file of mode 600), CODEX_HOME is set by \`codex-share service install\`.`,
}

function waitingText(turns: readonly ActiveTurn[]): string {
  const each = turns.map(({ threadId, by }) => `${threadId}${by ? ` (by ${by.label})` : ''}`)
  return `waiting for ${turns.length === 1 ? 'a turn' : `${turns.length} turns`} to end: ${each.join(', ')}`
}
