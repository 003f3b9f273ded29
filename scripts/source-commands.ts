/** The commands straight from the source, as the module that oclif's `explicit` discovery takes. */
import path from 'node:path'
import { commandFiles } from './command-files.ts'

const root = path.join(import.meta.dirname, '..')

/** Command classes by id. */
export const commands: Readonly<Record<string, unknown>> = Object.fromEntries(
  await Promise.all(
    commandFiles(root).map(async ({ id, file }) => [id, (await import(path.join(root, file))).default] as const),
  ),
)
