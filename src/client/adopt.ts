/** Has every plain `codex` come through the daemon, or no longer: in the daemon that runs, in the settings, and with the person's environment. */
import {
  forgetEnvironment,
  keepEnvironment,
  keptSecrets,
  readKeptEnvironment,
} from '../platform/environment/kept-environment.ts'
import { differing, personVariables } from '../platform/environment/person-variables.ts'
import type { Environment, Places } from '../platform/places/resolve-places.ts'
import { writeSetting } from '../platform/settings/write-setting.ts'
import { thisSystem } from '../platform/system/this-system.ts'
import { isShareError } from '../protocol/errors.ts'
import type { AdoptionStatus, DaemonStatus } from '../protocol/status.ts'
import type { DaemonClient } from './connection/daemon-client.ts'
import { moveAppServer } from './daemon-control/move-app-server.ts'

/** How the environment of a shell and that of the app-server go together, by names: values are nobody's business. */
export interface EnvironmentFacts {
  /** Variables that the shell has set otherwise than the app-server, or that the app-server does not have. */
  readonly differs: readonly string[]
  /** Of the shell, and not kept, as they look like secrets. */
  readonly leftOut: readonly string[]
}

export interface Adopted {
  readonly status: AdoptionStatus
  readonly environment: EnvironmentFacts
  /** Turns run, so that the app-server keeps the environment that it has. */
  readonly isToBeMoved: boolean
}

export interface AdoptOptions {
  readonly client: DaemonClient
  readonly places: Places
  readonly env: Environment
  /** Names of secrets to be kept all the same. */
  readonly keep: readonly string[]
  /** Called when the app-server is replaced, to have the environment. */
  readonly onMove: () => void
}

/** Turns that take longer are not waited for. */
const moveMs = 5000

/**
 * @throws ShareError `unavailable` where it cannot be done here, or not be remembered (a plain `codex` is as it was then); or when the next
 * app-server does not start
 */
export async function adopt({ client, places, env, keep, onMove }: AdoptOptions): Promise<Adopted> {
  const { adoption } = await client.call('share/status', {})
  await client.call('share/adopt', { on: true })
  try {
    await keepEnvironment(places, env, keep)
    await writeSetting(places.settingsFile, 'adopt', true)
  } catch (error) {
    if (adoption?.state === 'off') await client.call('share/adopt', { on: false })
    throw error
  }
  const { appServer } = await client.call('share/status', {})
  const differs = await differencesToKept(places, appServer.pid)
  const isToBeMoved = differs && !(await move(client, onMove))
  const status = await client.call('share/adopt', { on: true })
  const facts = await client.call('share/status', {})
  return { status, environment: await environmentFacts(places, facts.appServer, env), isToBeMoved }
}

/** Sessions that are open go on. `client` is undefined where no daemon runs. */
export async function stopAdopting(
  places: Places,
  client: DaemonClient | undefined,
): Promise<AdoptionStatus | undefined> {
  await writeSetting(places.settingsFile, 'adopt', false)
  await forgetEnvironment(places)
  return client?.call('share/adopt', { on: false })
}

/** Nothing is said to differ where the app-server does not run, or the system does not show what it was started with. */
export async function environmentFacts(
  places: Places,
  { pid }: Pick<DaemonStatus['appServer'], 'pid'>,
  env: Environment,
): Promise<EnvironmentFacts> {
  const base = pid === null ? undefined : await thisSystem.environmentOf(pid)
  const { variables, secrets } = personVariables(env, keptSecrets(places))
  if (!base) return { differs: [], leftOut: [] }
  const leftOut = secrets.filter((name) => base[name] !== env[name])
  return { differs: Object.keys(differing(variables, base)), leftOut }
}

async function differencesToKept(places: Places, pid: number | null): Promise<boolean> {
  const base = pid === null ? undefined : await thisSystem.environmentOf(pid)
  return base !== undefined && Object.keys(differing(readKeptEnvironment(places), base)).length > 0
}

/** Whether the app-server was replaced. */
async function move(client: DaemonClient, onMove: () => void): Promise<boolean> {
  onMove()
  try {
    await moveAppServer(client, { timeoutMs: moveMs, onWait: () => {} })
    return true
  } catch (error) {
    if (isShareError(error, 'timedOut')) return false
    throw error
  }
}
