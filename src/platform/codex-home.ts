/** The folder that Codex keeps its threads, login and settings in, as one path however it is spelled. */
import { realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { Environment } from './runtime-dir.ts'
import { fromHere } from './work-folder.ts'

/** $CODEX_HOME, or where Codex looks without it. */
export function codexHomeOf({ CODEX_HOME: home }: Environment): string {
  return realPathOf(home ? fromHere(home) : join(homedir(), '.codex'))
}

/** Of a path that need not be there: as much of it as is. */
export function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(realPathOf(parent), basename(path))
  }
}
