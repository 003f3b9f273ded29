/** Finds which of some files hold one of some texts. */
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The regular files in a folder, and with `deep` those in the folders below; none where there is no such folder. */
export async function filesIn(folder: string, { deep = false } = {}): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true, recursive: deep })
    return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  } catch {
    return []
  }
}

/** @throws AbortError when the signal fires; a file that cannot be read counts as one that holds nothing */
export async function holdsAny(file: string, texts: readonly string[], signal: AbortSignal): Promise<boolean> {
  const needles = texts.map((text) => Buffer.from(text))
  // What may be the beginning of one at the end of a piece.
  const overlap = Math.max(...needles.map(({ length }) => length)) - 1
  let rest = Buffer.alloc(0)
  try {
    for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024, signal })) {
      const bytes = Buffer.concat([rest, piece as Buffer])
      if (needles.some((needle) => bytes.includes(needle))) return true
      rest = bytes.subarray(Math.max(0, bytes.length - overlap))
    }
  } catch {
    signal.throwIfAborted()
  }
  return false
}
