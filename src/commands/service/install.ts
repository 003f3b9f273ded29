/** `service install`: lets the service manager keep the daemon and the app-server. */
import { join } from 'node:path'
import { Flags } from '@oclif/core'
import { adopt } from '../../client/adopt.ts'
import { codexSetting } from '../../client/codex-setting.ts'
import { findDaemon } from '../../client/connection/find-daemon.ts'
import { stopDaemon } from '../../client/daemon-control/stop-daemon.ts'
import { asShareError, ShareError } from '../../protocol/errors.ts'
import type { AdoptionStatus, DaemonStatus } from '../../protocol/status.ts'
import { visibleLine, visibleText } from '../../protocol/text/visible-text.ts'
import { programVersion } from '../../protocol/version.ts'
import { adoptionLines, leftOutNotice } from '../../render/tables/adoption.ts'
import { findManager } from '../../supervision/find-manager.ts'
import { installedService } from '../../supervision/installed-service.ts'
import { gatherServiceFacts, type ServiceFacts } from '../../supervision/service-facts.ts'
import { fileState } from '../../supervision/service-file.ts'
import type { InstallResult, ServiceManager } from '../../supervision/service-manager.ts'
import { enableLinger, enableLingerCommand, isLingering } from '../../supervision/systemd/linger.ts'
import { codexBinFlag, DaemonCommand } from '../base/daemon-command.ts'

const program = join(import.meta.dirname, '../../../bin/run.js')

export default class ServiceInstall extends DaemonCommand {
  static override summary = 'Keep sharing up: at login, after a crash, after an upgrade.'
  static override description =
    'Writes units for your own systemd (Linux) or agents for launchd (macOS), and starts them. Doing it again after an upgrade, or after Node or Codex has moved, brings them up to date.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --adopt',
    '<%= config.bin %> <%= command.id %> --dry-run',
  ]

  static override flags = {
    'dry-run': Flags.boolean({ description: 'Only show what would be written and run.' }),
    'codex-bin': codexBinFlag,
    now: Flags.boolean({ description: 'Also while a turn runs, which may end it.' }),
    adopt: Flags.boolean({ description: 'Also make every plain `codex` a peer, as `adopt` does (Linux).' }),
    linger: Flags.boolean({ description: 'Also stay up after you log out (Linux).' }),
    hardened: Flags.boolean({
      allowNo: true,
      description: 'With restrictions, which also hold for the commands that the agent runs (Linux).',
    }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(ServiceInstall)
    const { places } = this
    const manager = findManager(process.env, places)
    const facts = await gatherServiceFacts({
      env: process.env,
      places,
      node: process.execPath,
      program,
      codexBin: flags['codex-bin'],
      codexSetting: await codexSetting({ places, identity: this.identity, notice: this.notice }),
    })
    const options = { hardened: flags.hardened }
    if (flags['dry-run']) return await this.show(manager, facts, flags)
    await manager.assertUsable()
    const outdated = manager.files(facts, options).some((file) => fileState(file) !== 'same')
    if (outdated || flags.hardened === false) await this.stopOldDaemon(flags.now)
    const installed = await this.noticeWhenSlow('waiting for the service manager…', manager.install(facts, options))
    if (flags.linger && manager.kind === 'systemd') await enableLinger(process.env)
    const status = await this.restartWhenOutdated()
    const adopted = flags.adopt ? await this.adopt() : undefined
    await this.report({ manager, installed, facts, status, adopted, json: flags.json })
  }

  private async adopt(): Promise<AdoptionStatus> {
    const client = await this.open({ start: true })
    const { places, notice } = this
    const onMove = () => notice('replacing the Codex app-server, for it to have the environment of this shell…')
    const { status, environment } = await adopt({ client, places, env: process.env, keep: [], onMove })
    const leftOut = leftOutNotice(environment.leftOut)
    if (leftOut !== null) notice(leftOut)
    return status
  }

  private async show(
    manager: ServiceManager,
    facts: ServiceFacts,
    flags: { hardened?: boolean; adopt: boolean; json: boolean },
  ) {
    const files = manager
      .files(facts, { hardened: flags.hardened })
      .map((file) => ({ ...file, state: fileState(file) }))
    const commands = [...manager.commands(), ...(flags.adopt ? ['codex-share adopt'] : [])]
    if (flags.json) return await this.writeJson({ kind: manager.kind, files, commands })
    const texts = files.map(({ path, text, state }) => `# ${visibleLine(path)} (${state})\n${visibleText(text)}\n`)
    await this.write(`${texts.join('')}# Then:\n${commands.map((command) => `${visibleLine(command)}\n`).join('')}`)
  }

  /** A daemon that was started on demand leaves its place to the service, with its app-server. */
  private async stopOldDaemon(now: boolean): Promise<void> {
    const { identity, notice } = this
    const { places, probe } = await findDaemon(this.places)
    if (probe.state !== 'open') return
    probe.channel.close()
    const turns = await this.runningTurns()
    if (turns > 0 && !now)
      throw new ShareError(
        'busy',
        `${turns === 1 ? 'a turn is' : `${turns} turns are`} running, and installing would end it`,
        {
          hint: 'Wait for the end of it, or install at once with --now.',
        },
      )
    if (installedService(process.env, places) === undefined)
      await stopDaemon({ places, identity, notice, appServer: true })
  }

  private async runningTurns(): Promise<number> {
    try {
      return (await this.status({ start: false })).activeTurns
    } catch (error) {
      // One that does not answer, or is too old to talk to, is replaced as it is.
      this.notice(`The daemon does not answer (${asShareError(error).message}); it is replaced.`)
      return 0
    }
  }

  /** The status of the daemon; one of an older program is restarted first. */
  private async restartWhenOutdated(): Promise<DaemonStatus> {
    const status = await this.status({ start: true })
    if (!status.daemon.programChanged && status.daemon.version === programVersion) return status
    const { restartDaemon } = await import('../../client/daemon-control/restart-daemon.ts')
    const { places, identity, notice } = this
    this.closeAtEnd(await restartDaemon({ places, identity, notice }))
    return await this.status({ start: false })
  }

  private async report({ manager, installed, facts, status, adopted, json }: InstallReport): Promise<void> {
    const { written, removed } = installed
    const linger = manager.kind === 'systemd' ? isLingering() : null
    if (json)
      return await this.writeJson({
        kind: manager.kind,
        written,
        removed,
        linger,
        daemon: status.daemon,
        codex: facts.codex.path,
        ...(adopted && { adoption: adopted }),
      })
    const lines = [
      ...written.map((path) => `Wrote ${path}`),
      ...removed.map((path) => `Removed ${path}`),
      ...(written.length + removed.length === 0 ? ['All was installed as it should be.'] : []),
      `The daemon runs: pid ${status.daemon.pid}, version ${status.daemon.version}, ${status.daemon.endpoint}`,
      `Codex ${facts.codexVersion}: ${facts.codex.path}`,
    ]
    await this.write(`${lines.map(visibleLine).join('\n')}\n`)
    if (adopted) await this.write(`Plain codex: ${adoptionLines(adopted, this.paint).join('\n')}\n`)
    if (linger === false)
      this.notice(
        `It ends when you log out. To keep it up after that: ${enableLingerCommand()} (or install with --linger)`,
      )
  }
}

interface InstallReport {
  readonly manager: ServiceManager
  readonly installed: InstallResult
  readonly facts: ServiceFacts
  readonly status: DaemonStatus
  readonly adopted: AdoptionStatus | undefined
  readonly json: boolean
}
