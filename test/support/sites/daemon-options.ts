/** What a daemon is started with in a test's own process, in a temporary home and without a Codex. */
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { StartDaemonOptions } from '../../../src/daemon/start/start-daemon-options.ts'
import { placesInRuntimeDir } from '../../../src/platform/places/resolve-places.ts'
import { readSettings } from '../../../src/platform/settings/settings.ts'
import type { Scratch } from '../scratch.ts'
import { silentLog } from './thread-site.ts'

export function daemonOptions({ dir, runtimeDir, ownerRecord, appServerRecord, env }: Scratch): StartDaemonOptions {
  const dataDir = dirname(ownerRecord)
  mkdirSync(dataDir, { recursive: true })
  const places = {
    ...placesInRuntimeDir(runtimeDir),
    ...{ ownerRecord, appServerRecord, dataDir, configDir: dir, stateDir: dir },
    ledgerFile: join(dataDir, 'ledger.db'),
    environmentFile: join(dataDir, 'environment'),
    settingsFile: join(dir, 'config.json'),
    daemonLog: join(dir, 'daemon.log'),
    appServerLog: join(dir, 'app-server.log'),
  }
  return {
    env: { ...env, PATH: runtimeDir },
    places,
    settings: readSettings(places.settingsFile),
    ...{ log: silentLog, logFile: null, takeOver: false, inherited: new Map(), manager: undefined },
    ...{ codexBin: undefined, programFile: join(dir, 'main.js') },
    standStill: (work) => work(),
    onLeave: () => {},
  }
}
