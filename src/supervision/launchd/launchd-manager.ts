/** The service under launchd: agents written and loaded, unloaded and removed. */
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { logFolder, prepareFolder } from '../../platform/own-folders.ts'
import { runTool } from '../../platform/run-tool.ts'
import type { Environment, Places } from '../../platform/runtime-dir.ts'
import { asShareError, ShareError } from '../../protocol/errors.ts'
import { launchdFolder } from '../installed-service.ts'
import { fileState, removeServiceFiles, writeServiceFiles } from '../service-file.ts'
import type { ServiceManager } from '../service-manager.ts'
import { launchdLabels } from '../service-units.ts'
import { launchdDomain } from './launchd-control.ts'
import { launchdFiles } from './launchd-files.ts'
import { launchdStatus } from './launchd-status.ts'

/** The app-server first, as the daemon asks for it at once. */
const labels = [launchdLabels.appServer, launchdLabels.daemon]
const deadlineMs = 15_000
const everyMs = 200

export function launchdManager(env: Environment, places: Places): ServiceManager {
  const folder = launchdFolder()
  const plist = (label: string) => join(folder, `${label}.plist`)
  const launchctl = (...args: string[]) => runTool('launchctl', args, { env: { ...env } })
  const isLoaded = async (label: string) =>
    (await launchctl('print', `${await launchdDomain(env)}/${label}`)).code === 0

  /** `bootout` and `bootstrap` answer before they are done, and one that comes too soon after the other fails. */
  const until = async (label: string, loaded: boolean) => {
    const domain = await launchdDomain(env)
    const deadline = performance.now() + deadlineMs
    for (let complaint = ''; (await isLoaded(label)) !== loaded; ) {
      if (performance.now() > deadline)
        throw new ShareError('unavailable', `launchd did not ${loaded ? 'load' : 'unload'} ${label}: ${complaint}`, {
          hint: `Look at \`launchctl print ${domain}/${label}\`.`,
        })
      const args = loaded ? ['bootstrap', domain, plist(label)] : ['bootout', `${domain}/${label}`]
      complaint = (await launchctl(...args)).complaint
      if ((await isLoaded(label)) === loaded) return
      await delay(everyMs)
    }
  }

  return {
    kind: 'launchd',
    files: (facts) => launchdFiles(folder, facts),
    paths: () => labels.map(plist),
    commands: () => labels.map((label) => `launchctl bootstrap gui/$UID ${plist(label)}`),
    async assertUsable() {
      const { missing, code, complaint } = await launchctl('print', await launchdDomain(env))
      if (missing || code !== 0)
        throw new ShareError('unavailable', `launchd does not answer: ${complaint || 'no `launchctl`'}`, {
          hint: 'Log in as the user whose threads are to be shared, and not with su or sudo.',
        })
    },
    async install(facts) {
      prepareFolder(logFolder(places))
      const written = writeServiceFiles(launchdFiles(folder, facts))
      for (const label of labels) {
        if (written.includes(plist(label))) await until(label, false)
        await until(label, true)
      }
      return { written, removed: [] }
    },
    async uninstall() {
      let problem: string | null = null
      for (const label of [...labels].reverse())
        await until(label, false).catch((error: unknown) => {
          problem = asShareError(error).message
        })
      return { ...removeServiceFiles(labels.map(plist)), problem }
    },
    status: async () => {
      const domain = await launchdDomain(env)
      return Promise.all(
        labels.map(async (label) => {
          const { code, stdout } = await launchctl('print', `${domain}/${label}`)
          const installed = fileState({ path: plist(label), text: '' }) !== 'absent'
          return launchdStatus(label, { installed, printed: code === 0 ? stdout : null })
        }),
      )
    },
  }
}
