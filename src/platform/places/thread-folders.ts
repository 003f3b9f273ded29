/**
 * Finds the shared thread whose agent may write where a file lies: Codex lets it write below the folder that the thread works in.
 *
 * A thread counts in whatever sandbox it is now, as that may change with any turn. The temporary folders, which Codex lets every agent
 * write in as well, do not count: nobody keeps settings there but tests and demos, whose whole home it is.
 */
import { readlinkSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** A thread, and the folder that it works in. */
export interface ThreadFolder {
  readonly threadId: string
  readonly folder: string
}

/** A folder as it was found on the disk, for looking at many files. */
export interface LocatedFolder extends ThreadFolder {
  readonly path: string
  /** Undefined where it is not there. */
  readonly key: string | undefined
}

export function locateFolder({ threadId, folder }: ThreadFolder): LocatedFolder {
  return { threadId, folder, path: resolve(folder), key: keyOf(folder) }
}

/**
 * The first thread in whose folder something could be put in the place of the file, which need not be there yet; undefined when none can.
 */
export function threadFolderOf(
  file: string,
  threads: Iterable<ThreadFolder | LocatedFolder>,
): ThreadFolder | undefined {
  const way = wayTo(file)
  for (const thread of threads) {
    const { key, path } = 'key' in thread ? thread : locateFolder(thread)
    // A folder that is gone has only its name left to go by.
    if (key === undefined ? way.names.some((name) => name.startsWith(`${path}/`)) : way.folders.has(key)) return thread
  }
  return undefined
}

interface Way {
  /**
   * Folders in which a name was looked up: who writes there decides what the file is. By device and number, as one folder has many
   * spellings.
   */
  readonly folders: ReadonlySet<string>
  readonly names: readonly string[]
}

/** As many links as Linux follows. */
const linkLimit = 40

/** Walks to the file name by name, as the system does: a link on the way may lie elsewhere than what it leads to. */
function wayTo(file: string): Way {
  const folders = new Set<string>()
  const names: string[] = []
  let here = '/'
  let links = 0
  const left = resolve(file).split('/')
  for (let name = left.shift(); name !== undefined; name = left.shift()) {
    if (name === '' || name === '.') continue
    if (name === '..') {
      here = dirname(here)
      continue
    }
    const key = keyOf(here)
    if (key !== undefined) folders.add(key)
    const next = join(here, name)
    names.push(next)
    const target = links < linkLimit ? targetOf(next) : undefined
    if (target === undefined) here = next
    else {
      links += 1
      left.unshift(...target.split('/'))
      if (target.startsWith('/')) here = '/'
    }
  }
  return { folders, names }
}

function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined // No link, or nothing at all.
  }
}

function keyOf(folder: string): string | undefined {
  try {
    const found = statSync(folder, { bigint: true, throwIfNoEntry: false })
    return found && `${found.dev}:${found.ino}`
  } catch {
    return undefined // Not there, or not for us to see.
  }
}
