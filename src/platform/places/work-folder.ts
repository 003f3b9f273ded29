/** The folder that a command runs in, and those that threads work in: each may have been deleted. */
import { statSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { ShareError } from '../../protocol/errors.ts'

/** @throws ShareError `usage` when it was deleted: the system has no name for it then */
export function currentFolder(): string {
  try {
    return process.cwd()
  } catch (cause) {
    throw new ShareError('usage', 'the folder that this was started in was deleted', {
      cause,
      hint: 'Go to one that is there (`cd`), and try again.',
    })
  }
}

/** @throws as `currentFolder`, where the path is a relative one */
export function fromHere(path: string): string {
  return isAbsolute(path) ? resolve(path) : resolve(currentFolder(), path)
}

/** Not asked for a folder on another machine, nor by the daemon, which a dead network disk must not hold up. */
export function isGone(folder: string | null): boolean {
  return folder !== null && statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true
}
