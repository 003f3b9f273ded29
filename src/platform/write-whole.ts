/** Writes a small file whole or not at all: nobody ever reads half of it, and what fails leaves nothing behind. */
import { rename, rm, writeFile } from 'node:fs/promises'

/** @throws Error of the file system */
export async function writeWhole(path: string, text: string, mode = 0o600): Promise<void> {
  // The global one: importing node:crypto costs every command 10 ms at its start.
  const temporary = `${path}.${crypto.randomUUID()}.tmp`
  try {
    await writeFile(temporary, text, { mode, flag: 'wx' })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
