/** The folder that a client's process runs in, as the kernel shows it. */
import { readlinkSync } from 'node:fs'
import { relative } from 'node:path'
import { realPlace } from '../../platform/places/same-place.ts'
import type { Places } from '../../platform/runtime-dir.ts'
import type { PeerIdentity } from './peer-identity.ts'

/** Undefined where it is not known, or one of the daemon's own, where no agent is to work. */
export function callerFolder({ pid }: PeerIdentity, places: Places): string | undefined {
  if (pid === null) return undefined
  try {
    const folder = readlinkSync(`/proc/${pid}/cwd`)
    return isOurs(folder, places) ? undefined : folder
  } catch {
    return undefined // It has ended, or this is a Mac.
  }
}

function isOurs(folder: string, { runtimeDir, dataDir, configDir, stateDir }: Places): boolean {
  return [runtimeDir, dataDir, configDir, stateDir].some((own) => !relative(realPlace(own), folder).startsWith('..'))
}
