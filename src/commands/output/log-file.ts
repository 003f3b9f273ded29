/** Reads a log that is rotated by size: what there is, oldest first, and what comes. */
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { awakeDelay } from '../../platform/time/awake-clock.ts'

const lookMs = 250

/** All lines of the log and of its rotated parts, oldest first. */
export async function readLog(file: string): Promise<string[]> {
  const log = followLog(file)
  const { value } = await log.next()
  await log.return()
  return value ?? []
}

/**
 * First all lines that there are, then those that are written, none left out between the two, also over a rotation. Never ends by itself.
 */
export async function* followLog(file: string): AsyncGenerator<string[], void, undefined> {
  let current = await openLog(file)
  try {
    yield linesOf((await rotatedText(file, current)) + (await readRest(current)))
    let rest = ''
    for (;;) {
      const text = rest + (await readRest(current))
      const end = text.lastIndexOf('\n') + 1
      rest = text.slice(end)
      if (end > 0) yield linesOf(text.slice(0, end))
      await awakeDelay(lookMs)
      const next = await openReplacement(file, current)
      if (!next) continue
      rest += await readRest(current)
      await current?.handle.close()
      current = next
    }
  } finally {
    await current?.handle.close()
  }
}

interface OpenLog {
  readonly handle: FileHandle
  readonly inode: number
  offset: number
}

async function openLog(file: string): Promise<OpenLog | undefined> {
  const handle = await open(file).catch(() => undefined) // Not there yet, or in the middle of a rotation.
  return handle && { handle, inode: (await handle.stat()).ino, offset: 0 }
}

/** What is in the rotated parts (`daemon.log.1` is the newest), without the file that was the current one when it was opened. */
async function rotatedText(file: string, current: OpenLog | undefined): Promise<string> {
  const names = await readdir(dirname(file)).catch(() => []) // Nothing was ever logged.
  const rotated = names
    .map((name) => ({ name, age: Number(name.slice(basename(file).length + 1)) }))
    .filter(({ name, age }) => name.startsWith(`${basename(file)}.`) && Number.isInteger(age))
    .sort((a, b) => b.age - a.age)
  let text = ''
  for (const { name } of rotated) {
    const part = await openLog(join(dirname(file), name))
    if (part?.inode !== current?.inode) text += await readRest(part)
    await part?.handle.close()
  }
  return text
}

/** The file that has taken the place of the current one, opened at its beginning. */
async function openReplacement(file: string, current: OpenLog | undefined): Promise<OpenLog | undefined> {
  const log = await openLog(file)
  if (log && log.inode !== current?.inode) return log
  await log?.handle.close()
  return undefined
}

async function readRest(log: OpenLog | undefined): Promise<string> {
  if (!log) return ''
  const { size } = await log.handle.stat()
  if (size <= log.offset) return ''
  const bytes = Buffer.alloc(size - log.offset)
  const { bytesRead } = await log.handle.read(bytes, 0, bytes.length, log.offset)
  log.offset += bytesRead
  return bytes.toString('utf8', 0, bytesRead)
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}
