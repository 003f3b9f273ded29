/** Decides where everything lives: one function for daemon, commands, UI and units. */
import { chmodSync, existsSync, lstatSync, type Stats } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import envPaths from 'env-paths'
import { ShareError } from '../../protocol/errors.ts'
import type { System } from '../system/system.ts'
import { thisSystem } from '../system/this-system.ts'
import { refuseForeignHome } from './foreign-home.ts'
import { makeFolder, reasonOf } from './make-folder.ts'
import { faultOfRuntimeDir } from './runtime-dir-fault.ts'
import { refuseLongPath } from './socket-path.ts'

export interface Places {
  readonly runtimeDir: string
  readonly daemonSocket: string
  readonly codexSocket: string
  readonly appServerSocket: string
  /** Locked for the few moments of starting a daemon. */
  readonly startLock: string
  /** Locked while a daemon looks whether another listens, and publishes its socket. */
  readonly bindLock: string
  readonly dataDir: string
  readonly ledgerFile: string
  /** Which daemon has the ledger, and where it listens. */
  readonly ownerRecord: string
  /** The app-server that was started for it. Both outlive the runtime folder, which goes with a logout. */
  readonly appServerRecord: string
  /** The environment that was kept for the app-server. */
  readonly environmentFile: string
  readonly configDir: string
  readonly settingsFile: string
  readonly stateDir: string
  readonly daemonLog: string
  readonly appServerLog: string
}

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The places of the user whose environment this is. The runtime folder is made when missing (0700); others are only named.
 *
 * @throws ShareError `unavailable` naming the folder and the variable to set when none passes the checks.
 */
export function resolvePlaces(env: Environment, system = thisSystem): Places {
  const paths = envPaths('codex-share', { suffix: '' })
  if (!isAbsolute(paths.data))
    throw new ShareError(
      'unavailable',
      `the home folder is not known: ${JSON.stringify(homedir())} is not an absolute path`,
      {
        hint: 'Set HOME.',
      },
    )
  // macOS has no folder for state.
  const stateDir = system.hasXdgFolders ? paths.log : paths.data
  refuseForeignHome([paths.data, paths.config, paths.log, stateDir])
  const runtimeDir = findRuntimeDir(env, stateDir, system)
  refuseLongPath(runtimeDir, system)
  return {
    ...placesInRuntimeDir(runtimeDir),
    dataDir: paths.data,
    ledgerFile: join(paths.data, 'ledger.db'),
    ownerRecord: join(paths.data, 'owner.json'),
    appServerRecord: join(paths.data, 'app-server.json'),
    environmentFile: join(paths.data, 'environment'),
    configDir: paths.config,
    settingsFile: join(paths.config, 'config.json'),
    stateDir,
    daemonLog: join(paths.log, 'daemon.log'),
    appServerLog: join(paths.log, 'app-server.log'),
  }
}

/** The places that move with the runtime folder. */
export function placesInRuntimeDir(runtimeDir: string) {
  return {
    runtimeDir,
    daemonSocket: join(runtimeDir, 'daemon.sock'),
    codexSocket: join(runtimeDir, 'codex.sock'),
    appServerSocket: join(runtimeDir, 'app-server.sock'),
    startLock: join(runtimeDir, 'start'),
    bindLock: join(runtimeDir, 'bind'),
  }
}

/** The first that passes: the explicit folder (no other is tried then), XDG's, the login's, the state folder's `run`. */
function findRuntimeDir(env: Environment, stateDir: string, { hasXdgFolders }: System): string {
  const explicit = env.CODEX_SHARE_RUNTIME_DIR
  if (explicit) {
    const problem = isAbsolute(explicit) ? prepareRuntimeDir(explicit, { mend: false }) : 'is not an absolute path'
    if (problem === undefined) return explicit
    throw new ShareError('unavailable', `the runtime folder ${explicit} ${problem}`, {
      hint: 'Point CODEX_SHARE_RUNTIME_DIR at a folder of your own, or unset it.',
    })
  }
  const xdg = env.XDG_RUNTIME_DIR
  const login = hasXdgFolders ? `/run/user/${process.getuid?.()}` : undefined
  const bases = [xdg && isAbsolute(xdg) ? xdg : undefined, login].filter((base) => base !== undefined && isOurs(base))
  for (const base of bases) {
    const dir = join(String(base), 'codex-share')
    if (prepareRuntimeDir(dir, { mend: true }) === undefined) return dir
  }
  const fallback = join(stateDir, 'run')
  const problem = prepareRuntimeDir(fallback, { mend: true })
  if (problem === undefined) return fallback
  throw new ShareError('unavailable', `the runtime folder ${fallback} ${problem}`, {
    hint: 'Set CODEX_SHARE_RUNTIME_DIR to an absolute path of a folder of your own.',
  })
}

function isOurs(dir: string): boolean {
  const stats = statsOf(dir)
  return stats?.isDirectory() === true && stats.uid === process.getuid?.()
}

function statsOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false })
}

/**
 * Makes the folder if missing; returns what is wrong with it otherwise. A mode that lets others in is mended only where the folder is
 * ours by its name: one that was named by hand may be anybody's home, or /tmp.
 */
function prepareRuntimeDir(dir: string, { mend }: { readonly mend: boolean }): string | undefined {
  try {
    if (!existsSync(dir)) makeFolder(dir)
    const fault = faultOfRuntimeDir(dir)
    if (!mend || !fault?.isMode) return fault?.what
    chmodSync(dir, 0o700)
    return undefined
  } catch (error) {
    return `cannot be used: ${reasonOf(error)}`
  }
}
