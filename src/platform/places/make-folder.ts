/** Makes a folder, and says in words why one cannot be made or written in. */
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes the folder (0700 by default) and those above it, where they are missing. By hand, since Node's own `recursive` never returns
 * where nothing can be made, such as in /proc.
 *
 * @throws Error of the file system, with its `code`
 */
export function makeFolder(path: string, mode = 0o700): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  const above = dirname(path)
  if (above !== path) makeFolder(above, mode)
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    // Somebody else was faster.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

/** The path itself, or the one above that will hold it. */
export function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path))
}

const reasons: Readonly<Record<string, string>> = {
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'nothing can be made there',
  ELOOP: 'there are too many links on the way',
  EIO: 'the disk has a fault',
}

/** Why the file system refused, in words where they are known. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  if ('path' in error && (code === 'EEXIST' || code === 'ENOTDIR')) return `${error.path} is not a folder`
  if (code === 'EISDIR') return 'path' in error ? `${error.path} is a folder` : 'it is a folder'
  return reasons[code] ?? error.message
}

/** Whether nothing but room is missing. */
export function lacksRoom(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}
