/** The folder that a client's process runs in, as the kernel shows it. */
import { relative } from 'node:path'
import type { Places } from '../../platform/places/resolve-places.ts'
import { realPlace } from '../../platform/places/same-place.ts'
import { thisSystem } from '../../platform/system/this-system.ts'
import type { PeerIdentity } from './peer-identity.ts'

/** Undefined where it is not known, or one of the daemon's own, where no agent is to work. */
export async function callerFolder(
  { pid }: PeerIdentity,
  places: Places,
  system = thisSystem,
): Promise<string | undefined> {
  const folder = pid === null ? undefined : await system.folderOf(pid)
  return folder === undefined || isOurs(folder, places) ? undefined : folder
}

function isOurs(folder: string, { runtimeDir, dataDir, configDir, stateDir }: Places): boolean {
  return [runtimeDir, dataDir, configDir, stateDir].some((own) => !relative(realPlace(own), folder).startsWith('..'))
}
