/** The service under the user's systemd: units written, enabled, started; stopped, disabled, removed. */

import type { Environment } from '../../platform/places/resolve-places.ts'
import { asShareError } from '../../protocol/errors.ts'
import { systemdFolder } from '../installed-service.ts'
import type { ServiceFacts } from '../service-facts.ts'
import { fileState, removeServiceFiles, type ServiceFile, writeServiceFiles } from '../service-file.ts'
import type { InstallOptions, ServiceManager } from '../service-manager.ts'
import { systemdUnits } from '../service-units.ts'
import { assertSystemd } from './assert-systemd.ts'
import { systemctl, systemctlOrThrow } from './systemctl.ts'
import { hardeningFiles, systemdFiles } from './systemd-files.ts'
import { systemdStatus } from './systemd-status.ts'

const units = Object.values(systemdUnits)
const { socket, daemon, appServer } = systemdUnits
/** The app-server comes with the daemon. */
const enabled = [socket, daemon]

export function systemdManager(env: Environment): ServiceManager {
  const folder = systemdFolder(env)
  const run = (...args: string[]) => systemctlOrThrow(args, env)
  const hardening = hardeningFiles(folder)
  const isHardened = ({ hardened }: InstallOptions) =>
    hardened ?? hardening.some((file) => fileState(file) === 'same' || fileState(file) === 'different')

  const files = (facts: ServiceFacts, options: InstallOptions): ServiceFile[] => [
    ...systemdFiles(folder, facts),
    ...(isHardened(options) ? hardening : []),
  ]
  return {
    kind: 'systemd',
    files,
    paths: () => units.map((unit) => `${folder}/${unit}`),
    commands: () => [
      'systemctl --user daemon-reload',
      `systemctl --user enable ${enabled.join(' ')}`,
      `systemctl --user start ${enabled.join(' ')}`,
    ],
    assertUsable: () => assertSystemd(env),
    async install(facts, options) {
      const written = await writeServiceFiles(files(facts, options))
      const unwanted = options.hardened === false ? hardening.map(({ path }) => path) : []
      const { removed } = removeServiceFiles(unwanted)
      const touched = [...written, ...removed]
      if (touched.length > 0) await run('daemon-reload')
      await systemctl(['reset-failed', ...units], env)
      await run('enable', ...enabled)
      // Restarted is what has changed and runs; a new path of the socket takes the daemon with it.
      const changed = units.filter((unit) => touched.some((path) => path.includes(`/${unit}`)))
      if (changed.length > 0) await run('try-restart', ...changed)
      await run('start', ...enabled, appServer)
      return { written, removed }
    },
    async uninstall() {
      const problem = await stopAndDisable().catch((error: unknown) => asShareError(error).message)
      const { removed, left } = removeServiceFiles([
        ...hardening.map(({ path }) => path),
        ...units.map((unit) => `${folder}/${unit}`),
      ])
      await systemctl(['daemon-reload'], env)
      await systemctl(['reset-failed', ...units], env)
      return { removed, left, problem: problem ?? null }
    },
    status: () => systemdStatus(env, (unit) => fileState({ path: `${folder}/${unit}`, text: '' }) !== 'absent'),
  }

  async function stopAndDisable(): Promise<undefined> {
    const known = (await systemdStatus(env, () => true)).filter(({ state }) => state !== null).map(({ name }) => name)
    if (known.length === 0) return
    await run('stop', ...known)
    await run('disable', ...enabled.filter((unit) => known.includes(unit)))
    return undefined
  }
}
