/** The service under launchd: agents written and loaded, unloaded and removed. */
import { logFolder, prepareFolder } from '../../platform/places/own-folders.ts'
import type { Environment, Places } from '../../platform/places/resolve-places.ts'
import { asShareError, ShareError } from '../../protocol/errors.ts'
import { shellWord } from '../../protocol/text/shell-word.ts'
import { launchdFolder } from '../installed-service.ts'
import { refuseSudo } from '../refuse-sudo.ts'
import { fileState, removeServiceFiles, writeServiceFiles } from '../service-file.ts'
import type { ServiceManager } from '../service-manager.ts'
import { launchdLabels } from '../service-units.ts'
import { lastErrors } from './agent-logs.ts'
import { launchdAgents, plistOf, readMark } from './agents.ts'
import { launchdFiles } from './launchd-files.ts'
import { launchdStatus } from './launchd-status.ts'

/** The app-server first, as the daemon asks for it at once. */
const labels = [launchdLabels.appServer, launchdLabels.daemon]

export function launchdManager(env: Environment, places: Places): ServiceManager {
  const folder = launchdFolder(env)
  const agents = launchdAgents(env)
  const paths = () => labels.map((label) => plistOf(env, label))
  return {
    kind: 'launchd',
    files: (facts) => launchdFiles(folder, facts),
    paths,
    commands: () => paths().map((path) => `launchctl bootstrap gui/$UID ${shellWord(path)}`),
    async assertUsable() {
      refuseSudo(env)
      if ((await agents.ownDomain()) !== undefined) return
      throw new ShareError('unavailable', 'launchd does not answer for this user', {
        hint: 'Log in as the user whose threads are to be shared, and not with su or sudo.',
      })
    },
    async install(facts) {
      prepareFolder(logFolder(places))
      const written = await writeServiceFiles(launchdFiles(folder, facts))
      // Also when nothing was written: an earlier try may have ended between the writing and the loading.
      for (const label of labels) await agents.load(label)
      return { written, removed: [] }
    },
    async uninstall() {
      let problem: string | null = null
      for (const label of [...labels].reverse())
        await agents.unload(label).catch((error: unknown) => {
          problem = asShareError(error).message
        })
      return { ...removeServiceFiles(paths()), problem }
    },
    status: () =>
      Promise.all(
        labels.map(async (label) => {
          const [agent] = await agents.findLoaded(label)
          const installed = fileState({ path: plistOf(env, label), text: '' }) !== 'absent'
          const said = label === launchdLabels.daemon ? lastErrors(places) : ''
          return launchdStatus(label, { installed, agent, mark: readMark(env, label), said })
        }),
      ),
  }
}
