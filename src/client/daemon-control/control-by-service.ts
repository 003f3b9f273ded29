/** Where the daemon is installed as a service, the service manager starts, restarts and stops it, and nobody else. */

import type { Places } from '../../platform/places/resolve-places.ts'
import type { ManagerKind } from '../../platform/system/system.ts'
import { findServiceControl } from '../../supervision/find-control.ts'
import { installedService } from '../../supervision/installed-service.ts'
import type { ServiceControl } from '../../supervision/service-manager.ts'
import type { StartedDaemon } from './start-daemon-process.ts'

/** Undefined where no service is installed for these places. */
export async function startByService(places: Places): Promise<StartedDaemon | undefined> {
  const control = controlOf(places)
  if (!control) return undefined
  await control.startDaemon()
  return { pid: undefined, lastWords: () => undefined, hasEnded: () => false }
}

/** @returns false where no service is installed */
export async function restartByService(places: Places): Promise<boolean> {
  const control = controlOf(places)
  await control?.restartDaemon()
  return control !== undefined
}

/** Whether a service is installed, whose manager then starts the app-server, too. */
export function serviceKind(places: Places): ManagerKind | undefined {
  return installedService(process.env, places)
}

/** Undefined where no service is installed. */
export async function stopByService(
  places: Places,
  { appServer }: { readonly appServer: boolean },
): Promise<{ readonly appServerPid: number | null } | undefined> {
  const control = controlOf(places)
  if (!control) return undefined
  const appServerPid = appServer ? await control.appServerPid() : null
  await control.stopDaemon()
  if (appServer) await control.stopAppServer()
  return { appServerPid }
}

/** Why the service's daemon does not stay up; null when it does, or there is no service. */
export async function serviceFailure(places: Places): Promise<string | null> {
  return (await controlOf(places)?.daemonFailure()) ?? null
}

/** Kept, as a control tells a daemon that ends again and again from one that ended once. */
const controls = new Map<string, ServiceControl>()

function controlOf(places: Places): ServiceControl | undefined {
  const kind = installedService(process.env, places)
  if (kind === undefined) return undefined
  const control = controls.get(places.runtimeDir) ?? findServiceControl(kind, process.env, places)
  controls.set(places.runtimeDir, control)
  return control
}
