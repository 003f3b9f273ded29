/** The folders that this program writes in, and the single error for one that cannot be written. */
import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { ShareError } from '../../protocol/errors.ts'
import { shellWord } from '../../protocol/text/shell-word.ts'
import { thisSystem } from '../system/this-system.ts'
import { lacksRoom, makeFolder, nearestExisting, reasonOf } from './make-folder.ts'
import type { Places } from './resolve-places.ts'

export interface OwnFolder {
  /** As in "the data folder". */
  readonly what: string
  readonly path: string
  /** What moves it; null where nothing does. */
  readonly variable: string | null
}

/** What moves our own folders; null where nothing does. */
export function xdgVariable(name: string, system = thisSystem): string | null {
  return system.hasXdgFolders ? name : null
}

export function dataFolder({ dataDir }: Places): OwnFolder {
  return { what: 'data folder', path: dataDir, variable: xdgVariable('XDG_DATA_HOME') }
}

export function stateFolder({ stateDir }: Pick<Places, 'stateDir'>): OwnFolder {
  return { what: 'state folder', path: stateDir, variable: xdgVariable('XDG_STATE_HOME') }
}

export function logFolder({ daemonLog }: Places): OwnFolder {
  return { what: 'log folder', path: dirname(daemonLog), variable: xdgVariable('XDG_STATE_HOME') }
}

export function runtimeFolder({ runtimeDir }: Places): OwnFolder {
  return { what: 'runtime folder', path: runtimeDir, variable: 'CODEX_SHARE_RUNTIME_DIR' }
}

/**
 * Makes the folder where it is missing.
 *
 * @throws ShareError `unavailable` when it cannot be made, or not be written in
 */
export function prepareFolder(folder: OwnFolder): void {
  try {
    makeFolder(folder.path)
    accessSync(folder.path, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw notWritableError(folder, error)
  }
}

const mostTries = 5

/**
 * Works in the folder. Where that is taken away meanwhile, as by a logout, it is made again and the work repeated.
 *
 * @throws ShareError `unavailable` as `prepareFolder`, and what the work throws
 */
export async function workInFolder<T>(folder: OwnFolder, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1)
    try {
      prepareFolder(folder)
      return await work()
    } catch (error) {
      if (!isMissing(error) || tries === mostTries) throw error
    }
}

function isMissing(error: unknown): boolean {
  const cause = error instanceof ShareError ? error.cause : error
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
}

/** Why the folder, or the one above that will hold it, cannot be written in; null when it can. Makes nothing. */
export function whyNotWritable(folder: OwnFolder): ShareError | null {
  try {
    const there = nearestExisting(folder.path)
    if (!statSync(there).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR', path: there })
    accessSync(there, constants.W_OK | constants.X_OK)
    return null
  } catch (error) {
    return notWritableError(folder, error)
  }
}

/** Names the folder, the cause, and what to do. */
export function notWritableError({ what, path, variable }: OwnFolder, error: unknown): ShareError {
  const move = variable === null ? '' : `, or set ${variable} to a folder of your own that is`
  return new ShareError('unavailable', `the ${what} ${path} cannot be written: ${reasonOf(error)}`, {
    facts: { folder: path },
    hint: lacksRoom(error) ? `Make room there: df -h ${shellWord(path)}` : `Make it writable${move}.`,
    cause: error,
  })
}

/** An error of the file system in one of the folders, as the error for that folder; any other as it is. */
export function asOwnFolderError(folders: readonly OwnFolder[], error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ShareError) return error
  // A socket that cannot be bound has its path there.
  const path = 'path' in error ? error.path : 'address' in error ? error.address : undefined
  const folder = folders.find((folder) => typeof path === 'string' && `${path}/`.startsWith(`${folder.path}/`))
  return folder ? notWritableError(folder, error) : error
}
