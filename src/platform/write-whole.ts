/** Writes a small file whole or not at all: nobody ever reads half of it, and what fails leaves nothing behind. */
import { rename, writeFile } from 'node:fs/promises'
import { findTemporaries, nameTemporary, removeTemporary } from './temporaries.ts'

/** @throws Error of the file system */
export async function writeWhole(path: string, text: string, mode = 0o600): Promise<void> {
  // What another was killed in the middle of is removed as well.
  await findTemporaries(path)
  const temporary = nameTemporary(path)
  try {
    await writeFile(temporary, text, { mode, flag: 'wx' })
    await rename(temporary, path)
  } finally {
    removeTemporary(temporary)
  }
}
