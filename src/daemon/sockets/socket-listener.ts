/** Listens on a Unix socket of our own without ever taking a live one away: bound under a private name, then renamed into place. */
import { chmodSync, lstatSync, mkdirSync, renameSync, rmSync, utimesSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { removeLeftBeside } from '../../platform/temporaries.ts'
import { ShareError } from '../../protocol/errors.ts'
import { WaitingRoom } from './waiting-room.ts'

export interface SocketListener {
  /** Gives the connections that came and all that will come to `serve`; until then they wait, accepted. */
  serve(serve: (socket: Socket) => void): void
  /** Stops accepting. The path is removed only if it is still ours. */
  close(): Promise<void>
}

export interface SocketListenerOptions {
  readonly path: string
  readonly maxConnections: number
  /** The path belongs to another daemon by now, or went with the login: it is time to leave. */
  readonly onLost: (reason: string) => void
  /** Something went wrong that listening survives: a connection over the limit, a path that cannot be published again. */
  readonly onTrouble: (message: string) => void
}

const watchMs = 1000
const touchEveryMs = 3_600_000

/**
 * Publishes a listening socket at `path` (0600). The caller holds the start lock and has probed the path.
 *
 * The path is looked at every second: published again when it was deleted, with its folder; left to the other when another daemon took
 * it. It is touched every hour, since sweepers of old files do not see that a renamed socket is in use.
 *
 * @throws ShareError `unavailable` when the path is taken by something that is no socket.
 */
export async function listenOnSocket(options: SocketListenerOptions): Promise<SocketListener> {
  const { path, onLost, onTrouble } = options
  const room = new WaitingRoom()
  const bind = () => publish(options, room.receive)
  let current = await bind()
  let touchedMs = performance.now()
  let republishing = false

  const look = async () => {
    const inode = inodeOf(path)
    if (inode === current.inode) {
      if (performance.now() - touchedMs < touchEveryMs) return
      touchedMs = performance.now()
      utimesSync(path, new Date(), new Date())
    } else if (inode !== undefined) onLost('another daemon has taken the socket')
    else if (!haveFolder(dirname(path))) onLost(`the folder above ${dirname(path)} is gone`)
    else if (!republishing) {
      republishing = true
      const former = current
      current = await bind().finally(() => {
        republishing = false
      })
      former.server.close()
    }
  }
  const watch = setInterval(() => look().catch((error: unknown) => onTrouble(String(error))), watchMs).unref()

  return {
    serve: (serve) => room.serve(serve),
    close() {
      clearInterval(watch)
      if (inodeOf(path) === current.inode) rmSync(path, { force: true })
      room.dismiss()
      return new Promise((resolve) => current.server.close(() => resolve()))
    },
  }
}

/** A socket in its place, and the inode by which it is known there. */
export interface PublishedSocket {
  readonly server: Server
  readonly inode: number
}

/** @throws ShareError `unavailable` when the path is taken by something that is no socket */
export async function publish(
  { path, maxConnections, onTrouble }: Omit<SocketListenerOptions, 'onLost'>,
  onConnection: (socket: Socket) => void,
): Promise<PublishedSocket> {
  refuseAnythingElse(path)
  const temporary = `${path}.${process.pid}.tmp`
  rmSync(temporary, { force: true })
  await removeLeftBeside(path)
  const server = createServer(onConnection)
  server.maxConnections = maxConnections
  server.on('drop', () => onTrouble(`a connection over the limit of ${maxConnections} was dropped`))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(temporary, resolve)
  })
  server.on('error', (error) => onTrouble(error.message))
  try {
    // `listen(undefined)` would have opened a TCP port: never go on unless this is our path.
    if (server.address() !== temporary)
      throw new ShareError('unavailable', `listening on ${path} opened ${JSON.stringify(server.address())} instead`)
    chmodSync(temporary, 0o600)
    const inode = lstatSync(temporary).ino
    renameSync(temporary, path)
    return { server, inode }
  } catch (error) {
    // Takes the temporary socket away, too.
    server.close()
    throw error
  }
}

/** Makes the folder of ours where it is missing. The one above is the login's to make: false when that is gone. */
function haveFolder(folder: string): boolean {
  if (lstatSync(folder, { throwIfNoEntry: false })) return true
  if (!lstatSync(dirname(folder), { throwIfNoEntry: false })) return false
  mkdirSync(folder, { mode: 0o700 })
  return true
}

export function inodeOf(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.ino
}

function refuseAnythingElse(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (!stats || stats.isSocket()) return
  const what = stats.isSymbolicLink() ? 'a link' : stats.isDirectory() ? 'a folder' : 'a file'
  throw new ShareError('unavailable', `${path} is ${what} and not a socket`, {
    hint: 'Look at it, and move it away if nobody needs it: nothing was deleted.',
  })
}
