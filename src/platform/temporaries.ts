/** Files that live for a moment, named for their process: what one was killed in the middle of is known by that, and removed by the next. */
import { lstatSync, rmSync, unlinkSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { thisSystem } from './system/this-system.ts'

type TemporaryKind = 'tmp' | 'lock'

const ours = new Set<string>()
let made = 0

/** A path beside `path` that no other process has, and no other part of this one. Nothing is made there yet. */
export function nameTemporary(path: string, kind: TemporaryKind = 'tmp'): string {
  made += 1
  const temporary = `${path}.${process.pid}.${made}.${kind}`
  ours.add(temporary)
  return temporary
}

/** Removes it and gives its name up; it may have become the real thing already. False where it is still there, for the next to remove. */
export function removeTemporary(temporary: string): boolean {
  ours.delete(temporary)
  try {
    unlinkSync(temporary)
    return true
  } catch {
    return removeFolder(temporary)
  }
}

function removeFolder(temporary: string): boolean {
  try {
    if (lstatSync(temporary, { throwIfNoEntry: false })?.isDirectory())
      rmSync(temporary, { recursive: true, force: true, maxRetries: 3 })
    return !lstatSync(temporary, { throwIfNoEntry: false })
  } catch {
    return false
  }
}

/**
 * The temporaries beside `path` of processes that run. Those that others have left are removed.
 *
 * @throws Error when the folder cannot be read
 */
export async function findTemporaries(path: string, kind: TemporaryKind = 'tmp'): Promise<string[]> {
  const [folder, beginning] = [dirname(path), `${basename(path)}.`]
  const running: string[] = []
  for (const name of await readdir(folder)) {
    const pid = name.startsWith(beginning) ? pidIn(name.slice(beginning.length), kind) : undefined
    if (pid === undefined) continue
    const temporary = join(folder, name)
    if (await isInUse(temporary, pid)) running.push(temporary)
    else removeTemporary(temporary)
  }
  return running
}

/** Removes what was left beside each path, where that can be looked at. Returns how many there are that are in use. */
export async function removeLeftBeside(...paths: readonly string[]): Promise<number> {
  let inUse = 0
  for (const path of paths) inUse += (await findTemporaries(path).catch(() => [])).length
  return inUse
}

function pidIn(ending: string, kind: TemporaryKind): number | undefined {
  const [, pid, found] = /^(\d+)(?:\.\d+)?\.(\w+)$/.exec(ending) ?? []
  return pid !== undefined && found === kind ? Number(pid) : undefined
}

/** A pid is given out again: with ours, and not known to us, it is of a process before this one. */
async function isInUse(temporary: string, pid: number): Promise<boolean> {
  return pid === process.pid ? ours.has(temporary) : (await thisSystem.startTokenOf(pid)) !== undefined
}
