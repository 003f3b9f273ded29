/** The files that a begun path may mean, for a value that only begins like a path, such as `@task.md`. */
import { readdirSync } from 'node:fs'
import type { Candidate } from './candidates.ts'

/** Folders end with a slash; hidden files are meant only by who types the dot. */
export function filesLike(path: string): Candidate[] {
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const begun = path.slice(folder.length)
  try {
    return readdirSync(folder || '.', { withFileTypes: true })
      .filter(({ name }) => name.startsWith(begun) && (begun !== '' || !name.startsWith('.')))
      .map((entry) => ({ text: `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`, about: '' }))
  } catch {
    return [] // No folder that can be read: nothing to offer.
  }
}
