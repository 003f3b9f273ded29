/** The file that an app-server writes its output to by itself, so that it needs nobody to read it. */
import { constants } from 'node:fs'
import { type FileHandle, open, rename, stat } from 'node:fs/promises'

/** Rotated only at a start: the app-server holds the file open for as long as it runs. */
const rotateAboveBytes = 8 * 1024 * 1024
const tailBytes = 16 * 1024

export interface AppServerLog {
  /** For the child's stdout and stderr. */
  readonly fd: number
  /** The last lines that were written since it was opened, without colours; for saying why a start failed. */
  lastLines(count: number): Promise<string[]>
  close(): Promise<void>
}

/** Opens the log for appending, mode 0600; what is above 8 MiB is moved to `PATH.1` first. */
export async function openAppServerLog(path: string): Promise<AppServerLog> {
  if ((await sizeOf(path)) > rotateAboveBytes) await rename(path, `${path}.1`)
  const file = await open(path, constants.O_CREAT | constants.O_APPEND | constants.O_RDWR | constants.O_NOFOLLOW, 0o600)
  const { size: start } = await file.stat()
  return {
    fd: file.fd,
    lastLines: async (count) => (await textSince(start, file)).slice(-count),
    close: () => file.close(),
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch {
    return 0 // Not there yet.
  }
}

async function textSince(start: number, file: FileHandle): Promise<string[]> {
  const { size } = await file.stat()
  const from = Math.max(start, size - tailBytes)
  const { bytesRead, buffer } = await file.read(Buffer.alloc(size - from), 0, size - from, from)
  return withoutColours(buffer.toString('utf8', 0, bytesRead))
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
}

function withoutColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what begins a colour.
  return text.replaceAll(/\u001b\[[0-9;]*m/g, '')
}
