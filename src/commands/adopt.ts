/** `adopt`: has every plain `codex` come through the daemon. */
import { Flags } from '@oclif/core'
import { type Adopted, adopt, environmentFacts, stopAdopting } from '../client/adopt.ts'
import type { DaemonClient } from '../client/connection/daemon-client.ts'
import { findDaemon } from '../client/connection/find-daemon.ts'
import { serviceKind } from '../client/daemon-control/control-by-service.ts'
import { codexHomeOf, controlSocketPath } from '../platform/places/codex-home.ts'
import { readSettings } from '../platform/settings/settings.ts'
import type { AdoptionStatus } from '../protocol/status.ts'
import { adoptionLines, leftOutNotice } from '../render/tables/adoption.ts'
import { DaemonCommand } from './base/daemon-command.ts'

export default class Adopt extends DaemonCommand {
  static override summary = 'Make every plain `codex` a peer.'
  static override description =
    `The daemon listens where a plain \`codex\` looks for its background server. A session stays private until somebody shares it: it is passed through, and nothing of it is recorded. \`codex-share list --all\` shows what is open; \`codex-share start --thread ID\` shares it, and so does the first post into it.

A background server of Codex's own is never pushed aside: its end is waited for. When the daemon is away, a plain \`codex\` starts as it would without it.

Tools that Codex runs get the environment of the shell that this is typed in (PATH, SSH_AUTH_SOCK, a virtual environment); what looks like a secret is left out unless --keep names it. \`codex exec\`, any \`codex -c …\` and \`codex --no-daemon\` have a server of their own and are not part of this.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --status --json',
    '<%= config.bin %> <%= command.id %> --refresh --keep GITHUB_TOKEN',
    '<%= config.bin %> <%= command.id %> --off',
  ]

  static override flags = {
    off: Flags.boolean({
      description: 'Give the place back. Sessions that are open go on until they end.',
      exclusive: ['status', 'refresh', 'keep'],
    }),
    status: Flags.boolean({
      description: 'Only show how it stands. Never starts the daemon.',
      exclusive: ['off', 'refresh', 'keep'],
    }),
    refresh: Flags.boolean({
      description: 'Keep the environment of this shell from now on. The same as doing it again.',
    }),
    keep: Flags.string({
      multiple: true,
      helpValue: 'NAME',
      description: 'A variable to keep although it looks like a secret. Its value is written to the data folder.',
    }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(Adopt)
    if (flags.status) return await this.show(flags.json)
    if (flags.off) return await this.giveBack(flags.json)
    const client = await this.open({ start: true })
    const adopting = adopt({
      client,
      ...{ places: this.places, env: process.env, keep: flags.keep ?? [] },
      onMove: () => this.notice('replacing the Codex app-server, for it to have the environment of this shell…'),
    })
    const adopted = await this.noticeWhenSlow('waiting for the daemon…', adopting)
    await this.report(adopted, flags.json)
  }

  private async report({ status, environment, isToBeMoved }: Adopted, json: boolean): Promise<void> {
    if (json) await this.writeJson({ ...status, environment })
    else await this.write(`${adoptionLines(status, this.paint).join('\n')}\n`)
    if (isToBeMoved)
      this.notice(
        'A turn runs, so that the app-server keeps the environment that it has. To replace it when that is over: codex-share daemon restart --app-server',
      )
    const kind = serviceKind(this.places)
    if (!isToBeMoved && kind !== undefined && environment.differs.length > 0)
      this.notice(
        `The app-server still has other values than this shell: ${environment.differs.join(', ')}. Its unit may be an older one: codex-share service install`,
      )
    this.noticeLeftOut(environment.leftOut)
    if (kind === undefined)
      this.notice('This lasts as long as the daemon runs. To have it at every login: codex-share service install')
  }

  private async show(json: boolean): Promise<void> {
    const client = await this.openIfRunning()
    if (!client) return await this.showWithout(json)
    const { adoption, appServer } = await client.call('share/status', {})
    const status = adoption ?? this.withoutDaemon('off')
    const environment = await environmentFacts(this.places, appServer, process.env)
    if (json) return await this.writeJson({ ...status, environment })
    await this.write(`${adoptionLines(status, this.paint).join('\n')}\n`)
    if (status.state === 'off') return
    if (environment.differs.length > 0)
      this.notice(
        `The app-server has other values than this shell: ${environment.differs.join(', ')}. To give it this shell's: codex-share adopt --refresh`,
      )
    this.noticeLeftOut(environment.leftOut)
  }

  private async showWithout(json: boolean): Promise<void> {
    const { adopt: isWanted } = readSettings(this.places.settingsFile)
    const status = this.withoutDaemon(isWanted ? 'waiting' : 'off')
    if (json) await this.writeJson({ ...status, environment: { differs: [], leftOut: [] } })
    else await this.write(`${adoptionLines(status, this.paint).join('\n')}\n`)
  }

  private withoutDaemon(state: 'off' | 'waiting'): AdoptionStatus {
    const problem = state === 'waiting' ? 'no daemon is running; `codex-share daemon start` starts it' : null
    return { path: controlSocketPath(codexHomeOf(process.env)), state, holder: null, problem }
  }

  private async giveBack(json: boolean): Promise<void> {
    const client = await this.openIfRunning()
    const status = (await stopAdopting(this.places, client)) ?? this.withoutDaemon('off')
    if (json) await this.writeJson(status)
    else await this.write(`${adoptionLines(status, this.paint).join('\n')}\n`)
  }

  private async openIfRunning(): Promise<DaemonClient | undefined> {
    const { probe } = await findDaemon(this.places)
    if (probe.state === 'absent' || probe.state === 'dead') return undefined
    if (probe.state === 'open') probe.channel.close()
    return await this.open({ start: false })
  }

  private noticeLeftOut(names: readonly string[]): void {
    const text = leftOutNotice(names)
    if (text !== null) this.notice(text)
  }
}
