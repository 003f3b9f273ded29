/** `service status`: what is installed, and how it is doing. */

import { visibleLine } from '../../protocol/text/visible-text.ts'
import { findManager } from '../../supervision/find-manager.ts'
import { installedService } from '../../supervision/installed-service.ts'
import type { UnitStatus } from '../../supervision/service-manager.ts'
import { enableLingerCommand, isLingering } from '../../supervision/systemd/linger.ts'
import { DaemonCommand } from '../base/daemon-command.ts'

/** 5 is the table’s code for what is not available. */
const exitCodes = { active: 0, notActive: 5 } as const

export default class ServiceStatus extends DaemonCommand {
  static override summary = 'Show whether the service is installed, and how it is doing.'
  static override description = 'Exit code 0 when all of it is installed and active, 5 when not.'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  override async run(): Promise<void> {
    const { flags } = await this.parse(ServiceStatus)
    const places = await this.findPlaces()
    const manager = findManager(process.env, places)
    const units = await manager.status()
    const installed = units.every((unit) => unit.installed)
    const active = units.every((unit) => unit.state === 'active')
    const linger = manager.kind === 'systemd' ? isLingering() : null
    const ours = installedService(process.env, places) !== undefined
    if (flags.json) await this.writeJson({ kind: manager.kind, installed, active, ours, linger, units })
    else {
      await this.write(units.map((unit) => `${this.line(unit)}\n`).join(''))
      if (!installed) this.notice('Install it with `codex-share service install`.')
      else if (!ours) this.notice(`It is for another runtime folder than ${places.runtimeDir}.`)
      if (installed && linger === false)
        this.notice(`It ends when you log out. To keep it up after that: ${enableLingerCommand()}`)
    }
    this.exit(installed && active ? exitCodes.active : exitCodes.notActive)
  }

  private line({ name, installed, enabled, state, problem, pid, restarts }: UnitStatus): string {
    if (!installed) return `${name}: ${this.paint('caution', 'not installed')}`
    const look = state === 'active' ? 'good' : state === 'failed' ? 'bad' : 'caution'
    const facts = [
      this.paint(look, visibleLine(state ?? 'unknown to the manager')),
      ...(problem === null ? [] : [visibleLine(problem)]),
      ...(pid === null ? [] : [`pid ${pid}`]),
      ...(restarts ? [`started again ${restarts} times`] : []),
      ...(enabled ? [] : ['not enabled: it does not start at login']),
    ]
    return `${name}: ${facts.join(', ')}`
  }
}
