/** Finds the commands in the source: under src/commands every file with a default export is one, and its path is its id. */
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

export interface CommandFile {
  /** oclif's id, with colons: `share:post`. */
  readonly id: string
  /** From the package's folder: `src/commands/share/post.ts`. */
  readonly file: string
}

/** All commands, in order of their ids. */
export function commandFiles(root: string): CommandFile[] {
  return globSync('src/commands/**/*.ts', { cwd: root })
    .filter((file) => /^export default /m.test(readFileSync(path.join(root, file), 'utf8')))
    .map((file) => ({ id: file.slice('src/commands/'.length, -'.ts'.length).split(path.sep).join(':'), file }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}
