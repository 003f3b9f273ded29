/** The files that a service is made of: compared, written whole, and removed only when they are ours. */
import { existsSync, lstatSync, readFileSync, readlinkSync, rmdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder, reasonOf } from '../platform/places/make-folder.ts'
import { writeWhole } from '../platform/write-whole.ts'
import { ShareError } from '../protocol/errors.ts'

export interface ServiceFile {
  readonly path: string
  readonly text: string
}

/** `foreign`: somebody else's, or a link (as `systemctl mask` makes), which is not written through or over. */
type FileState = 'absent' | 'same' | 'different' | 'foreign'

/** In the first lines of every template. */
const mark = /Made by `codex-share service install/

export function fileState({ path, text }: ServiceFile): FileState {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (!stats) return 'absent'
  if (!stats.isFile()) return 'foreign'
  const there = readFileSync(path, 'utf8')
  if (there === text) return 'same'
  return mark.test(there) ? 'different' : 'foreign'
}

/**
 * Writes what is not there already.
 *
 * @returns the paths that were written
 * @throws ShareError `conflict` before anything is written when one of them is not ours
 */
export async function writeServiceFiles(files: readonly ServiceFile[]): Promise<string[]> {
  const states = files.map((file) => ({ file, state: fileState(file) }))
  for (const { file, state } of states) if (state === 'foreign') throw notOursError(file.path)
  const outdated = states.filter(({ state }) => state !== 'same').map(({ file }) => file)
  for (const file of outdated) await writeServiceFile(file)
  return outdated.map(({ path }) => path)
}

async function writeServiceFile({ path, text }: ServiceFile): Promise<void> {
  try {
    makeFolder(dirname(path), 0o755)
    await writeWhole(path, text, 0o644)
  } catch (error) {
    throw new ShareError('unavailable', `${path} cannot be written: ${reasonOf(error)}`, {
      hint: 'Make its folder writable; without a service every command starts the daemon when it is missing.',
      cause: error,
    })
  }
}

/** Removes those of the files that are ours, and folders that are empty then. Returns the paths that are gone, and those left alone. */
export function removeServiceFiles(paths: readonly string[]): { readonly removed: string[]; readonly left: string[] } {
  const [removed, left]: [string[], string[]] = [[], []]
  for (const path of paths) {
    const state = fileState({ path, text: '' })
    if (state === 'different' || state === 'same') {
      rmSync(path)
      removed.push(path)
    } else if (state === 'foreign') left.push(path)
    removeIfEmpty(dirname(path))
  }
  return { removed, left }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'ENOTEMPTY' && code !== 'ENOENT') throw error
  }
}

function notOursError(path: string): ShareError {
  const link = lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined
  if (link === '/dev/null')
    return new ShareError('conflict', `${path} is masked`, {
      hint: 'Unmask it first: `systemctl --user unmask` and its name.',
    })
  const what = link === undefined ? 'was not made by codex-share' : `is a link to ${link}`
  return new ShareError('conflict', `${path} ${what}: nothing was changed`, {
    hint: existsSync(path) ? 'Look at it, and move it away if nobody needs it.' : 'Remove the link if nobody needs it.',
  })
}
