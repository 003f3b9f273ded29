/** Judges a folder that is there, or not, as one for sockets. */
import { lstatSync } from 'node:fs'

/** What keeps sockets from being safe in the folder; undefined when it is a real one, ours, and closed to others. */
export function faultOfRuntimeDir(dir: string): { readonly what: string; readonly isMode?: boolean } | undefined {
  const stats = lstatSync(dir, { throwIfNoEntry: false })
  if (!stats) return { what: 'is not there' }
  if (stats.isSymbolicLink()) return { what: 'is a link, which is refused' }
  if (!stats.isDirectory()) return { what: 'is not a folder' }
  if (stats.uid !== process.getuid?.()) return { what: 'belongs to another user' }
  if ((stats.mode & 0o077) === 0) return undefined
  const mode = (stats.mode & 0o777).toString(8)
  return { what: `is open to others (mode ${mode}): use a folder of mode 700`, isMode: true }
}
