/** Asks systemd how our units are doing. */
import type { Environment } from '../../platform/places/resolve-places.ts'
import type { UnitStatus } from '../service-manager.ts'
import { systemdUnits } from '../service-units.ts'
import { systemctl } from './systemctl.ts'

const properties = [
  'Id',
  'LoadState',
  'ActiveState',
  'Result',
  'UnitFileState',
  'MainPID',
  'NRestarts',
  'ExecMainStatus',
]

/** @param isInstalled whether the unit's file is there */
export async function systemdStatus(env: Environment, isInstalled: (unit: string) => boolean): Promise<UnitStatus[]> {
  const units = Object.values(systemdUnits)
  const { stdout } = await systemctl(['show', `--property=${properties.join(',')}`, ...units], env)
  const shown = new Map(blocksOf(stdout).map((block) => [block.Id, block]))
  return units.map((name) => unitStatus(name, isInstalled(name), shown.get(name) ?? {}))
}

function unitStatus(name: string, installed: boolean, block: Readonly<Record<string, string>>): UnitStatus {
  const { LoadState, ActiveState, Result, UnitFileState, MainPID, NRestarts, ExecMainStatus } = block
  const loaded = LoadState === 'loaded'
  const bad = Result !== undefined && Result !== 'success' && Result !== ''
  const code = ExecMainStatus && ExecMainStatus !== '0' ? `, exit code ${ExecMainStatus}` : ''
  return {
    name,
    installed,
    enabled: UnitFileState === 'enabled' || UnitFileState === 'static',
    state: loaded ? (ActiveState ?? null) : null,
    problem: loaded && bad ? `${Result}${code}` : null,
    pid: Number(MainPID) || null,
    restarts: NRestarts === undefined ? null : Number(NRestarts),
  }
}

/** `systemctl show` gives `Key=value` lines, and an empty line between units. */
function blocksOf(text: string): Readonly<Record<string, string>>[] {
  return text.split(/\n\n+/).map((block) =>
    Object.fromEntries(
      block.split('\n').flatMap((line) => {
        const at = line.indexOf('=')
        return at > 0 ? [[line.slice(0, at), line.slice(at + 1)] as const] : []
      }),
    ),
  )
}
