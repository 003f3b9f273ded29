/** Checks that the service is installed and up, and that the paths in it are still right. */
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { stablePath } from '../../platform/processes/stable-path.ts'
import { runTool } from '../../platform/system/run-tool.ts'
import { asShareError } from '../../protocol/errors.ts'
import { findManager } from '../../supervision/find-manager.ts'
import { installedService } from '../../supervision/installed-service.ts'
import type { UnitStatus } from '../../supervision/service-manager.ts'
import { enableLingerCommand, isLingering } from '../../supervision/systemd/linger.ts'
import { pathsInUnits } from '../../supervision/unit-paths.ts'
import type { Check } from '../check.ts'
import { type Finding, ok } from '../finding.ts'
import { isTooOld } from './node.ts'

export const service: Check = {
  name: 'Service',
  async run({ env, places, system, node, program }) {
    const manager = findManager(env, places, system)
    const units = await manager.status()
    const paths = pathsInUnits(
      manager.paths().flatMap((file) => (existsSync(file) ? [readFileSync(file, 'utf8')] : [])),
    )
    const usable = await manager.assertUsable().then(
      () => null,
      (error: unknown) => asShareError(error).message,
    )
    return judgeService({
      units,
      ours: installedService(env, places, system) !== undefined,
      usable,
      missing: paths.filter((path) => !existsSync(path)),
      current: [node.path, program].every((path) => paths.includes(stablePath(path))),
      oldNode: await oldNodeIn(paths),
      lingers: manager.kind === 'systemd' ? isLingering() : null,
    })
  },
}

/** The version of the Node that is written in, where that is too old. */
async function oldNodeIn(paths: readonly string[]): Promise<string | null> {
  const node = paths.find((path) => basename(path) === 'node')
  const version = node && (await runTool(node, ['--version'], { env: {}, timeoutMs: 5000 })).stdout.trim()
  return version && isTooOld(version) ? version : null
}

export interface InspectedService {
  readonly units: readonly UnitStatus[]
  /** The units are for the places that this environment means. */
  readonly ours: boolean
  /** Why there is no service manager to talk to; null when there is. */
  readonly usable: string | null
  /** Programs that are written in and no longer there. */
  readonly missing: readonly string[]
  /** This very Node and program are what is written in. */
  readonly current: boolean
  /** The version of the Node that is written in, where that is too old; null where it is not. */
  readonly oldNode: string | null
  /** Null where there is no such thing. */
  readonly lingers: boolean | null
}

const reinstall = 'codex-share service install'

export function judgeService({
  units,
  ours,
  usable,
  missing,
  current,
  oldNode,
  lingers: stays,
}: InspectedService): Finding[] {
  const installed = units.filter((unit) => unit.installed)
  if (installed.length === 0) return [ok('not installed: the daemon is started when it is needed')]
  const findings: Finding[] = []
  const add = (level: Finding['level'], what: string, why: string, fix: string) =>
    findings.push({ level, what, why, fix })
  if (installed.length < units.length)
    add(
      'problem',
      `only a part is installed (${installed.map(({ name }) => name).join(', ')})`,
      'It cannot be started.',
      reinstall,
    )
  if (usable !== null)
    add('warning', usable, 'Here the service cannot run.', 'Log in directly, and not with su or sudo.')
  if (!ours)
    add('warning', 'it is for another runtime folder', 'Commands from here start a daemon of their own.', reinstall)
  for (const path of missing)
    add('problem', `${path} is gone, and the service needs it`, 'It cannot be started again.', reinstall)
  if (oldNode !== null)
    add('problem', `it runs Node ${oldNode}, which is too old`, 'The daemon does not start on it.', reinstall)
  else if (missing.length === 0 && !current)
    add(
      'note',
      'it runs another Node or another copy of codex-share than this one',
      'An upgrade may have left it behind.',
      reinstall,
    )
  for (const { name, enabled, state, problem } of installed) {
    if (state === 'failed')
      add(
        'problem',
        `${name} has failed: ${problem ?? 'for a reason that is not known'}`,
        'It stays down.',
        'codex-share daemon restart',
      )
    else if (usable === null && state !== 'active' && state !== 'activating')
      add(
        'warning',
        `${name} is ${state ?? 'not known to the manager'}`,
        'It was stopped; the next command starts it.',
        'codex-share daemon start',
      )
    if (!enabled && usable === null) add('warning', `${name} is not enabled`, 'It does not start at login.', reinstall)
  }
  if (findings.length === 0) findings.push(ok('installed, enabled and active'))
  if (stays === false)
    add('note', 'it ends at your last logout', 'Lingering is off, which is the default.', enableLingerCommand())
  return findings
}
