/** Tells one run of the app-server from the next, also over a restart of the daemon and when a service manager keeps it. */
import { readFile, stat, writeFile } from 'node:fs/promises'
import type { AppServerProcess } from './app-server-process.ts'

/**
 * Names the run: by its process where that is known, else by the socket file, which every start makes anew (the inode alone may be
 * used again, the time of its birth is not).
 */
export async function instanceOf(socketPath: string, appServer: AppServerProcess | undefined): Promise<string> {
  if (appServer !== undefined) return `${appServer.pid}:${appServer.record.startToken}`
  const { ino, birthtimeNs } = await stat(socketPath, { bigint: true })
  return `${ino}:${birthtimeNs}`
}

/** When it was started, RFC 3339: the age of its socket, as each start makes a new one. A record may have been written later. */
export async function startedAtOf(socketPath: string): Promise<string> {
  return (await stat(socketPath)).birthtime.toISOString()
}

/**
 * Remembers at `path` that this run was linked to. True when it is another run than the one remembered there, and so whatever ran
 * on that one has ended.
 */
export async function isFreshInstance(path: string, instance: string): Promise<boolean> {
  if ((await lastInstance(path)) === instance) return false
  // On a full disk the next daemon takes the run for another one, and looks up how its turns stand.
  await writeFile(path, instance, { mode: 0o600 }).catch(() => {})
  return true
}

async function lastInstance(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return undefined // None was ever linked to.
  }
}
