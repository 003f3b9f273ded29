/** Says what of ours lies in the folder of a shared thread, where its agent may write, and which settings are not used because of that. */
import { isAbsolute, join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ThreadStore } from '../../ledger/thread-store.ts'
import { xdgVariable } from '../../platform/places/own-folders.ts'
import type { Environment, Places } from '../../platform/places/resolve-places.ts'
import {
  type LocatedFolder,
  locateFolder,
  type ThreadFolder,
  threadFolderOf,
} from '../../platform/places/thread-folders.ts'
import { inReachOf, refuseActingSettings } from '../../platform/settings/acting-settings.ts'
import type { Settings } from '../../platform/settings/settings.ts'
import type { DaemonStatus, Exposed } from '../../protocol/status.ts'
import { installedService, launchdFolder, systemdFolder } from '../../supervision/installed-service.ts'
import { appServerVariables, launchdLabels, systemdUnits } from '../../supervision/service-units.ts'

export interface ExposureOptions {
  readonly env: Environment
  readonly places: Places
  readonly threads: Pick<ThreadStore, 'folders'>
  /** The script that was started. */
  readonly programFile: string
  /** As they were read when the daemon started: a thread that is shared later has had no part in them. */
  readonly settings: Settings
}

export class Exposure {
  /** The settings to go by. */
  readonly settings: Settings
  /** What `share/status` says of them. */
  readonly state: NonNullable<DaemonStatus['settings']>
  private readonly options: ExposureOptions

  constructor(options: ExposureOptions) {
    this.options = options
    const { places, settings, threads } = options
    const { settingsFile: file } = places
    const holder = threadFolderOf(file, threads.folders())
    const { settings: harmless, refused } = refuseActingSettings(settings)
    if (holder && refused.length > 0) {
      this.settings = harmless
      this.state = { file, refused: [...refused], problem: problemOf(file, refused, holder) }
    } else {
      this.settings = settings
      this.state = { file, refused: [], problem: null }
    }
  }

  /** Why a program is not to be run that nobody but the settings file names; undefined when it may be. */
  reasonAgainst(program: string): string | undefined {
    const holder = threadFolderOf(program, this.options.threads.folders())
    return holder && `it ${inReachOf(holder)}`
  }

  /** What is exposed now; `running` is the program that runs as the app-server, or is to, where that is known. */
  async list(running: string | null): Promise<Exposed[]> {
    const { places, threads, programFile } = this.options
    const { settingsFile: settings, daemonSocket: sockets, ledgerFile: ledger, daemonLog: logs } = places
    const folders = await locate(threads.folders())
    const { codexBin } = this.settings
    const codex = running ?? (codexBin !== null && isAbsolute(codexBin) ? codexBin : null)
    const paths = { settings, sockets, ledger, logs, ...this.service(), codex, program: programFile }
    return Object.entries(paths).flatMap(([what, path]) => {
      const holder = path === null ? undefined : threadFolderOf(path, folders)
      return path !== null && holder ? [{ what, path, ...holderOf(holder) }] : []
    })
  }

  /** One of the files by which the service manager starts us, and the one that it is given variables in. */
  private service(): { readonly units: string | null; readonly variables: string | null } {
    const { env, places } = this.options
    switch (installedService(env, places)) {
      case 'systemd':
        return { units: join(systemdFolder(env), systemdUnits.daemon), variables: null }
      case 'launchd':
        return {
          units: join(launchdFolder(env), `${launchdLabels.daemon}.plist`),
          variables: appServerVariables(places),
        }
      case undefined:
        return { units: null, variables: null }
    }
  }
}

/** Folders looked at before others have their turn: each may have to come from the disk. */
const foldersAtOnce = 32

/** Each once, and not for every file that is looked for: there may be thousands. */
async function locate(folders: readonly ThreadFolder[]): Promise<LocatedFolder[]> {
  const located: LocatedFolder[] = []
  for (const folder of folders) {
    located.push(locateFolder(folder))
    if (located.length % foldersAtOnce === 0) await nextTurn()
  }
  return located
}

function holderOf({ threadId, folder }: ThreadFolder): Pick<Exposed, 'threadId' | 'folder'> {
  return { threadId, folder }
}

function problemOf(file: string, refused: readonly string[], { threadId, folder }: ThreadFolder): string {
  const [is, it] = refused.length === 1 ? ['is', 'it'] : ['are', 'them']
  const why = `the agent of the shared thread ${threadId}, which works in ${folder}, could have written ${it}`
  const variable = xdgVariable('XDG_CONFIG_HOME')
  const move = variable === null ? 'Let' : `Move ${file} out of that folder with ${variable}, or let`
  return `${refused.join(' and ')} ${is} not used: ${why}. ${move} that thread work in a folder below, then run \`codex-share daemon restart\`.`
}
