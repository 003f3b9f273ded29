/** Notices that the program was replaced on disk while it runs, so that `status` can advise a restart. */
import { statSync } from 'node:fs'

/** Returns a function that says whether the file is another one than now. */
export function watchProgram(file: string): () => boolean {
  const atStart = fingerprint(file)
  return () => fingerprint(file) !== atStart
}

function fingerprint(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats ? `${stats.ino}:${stats.size}:${stats.mtimeMs}` : 'gone'
}
