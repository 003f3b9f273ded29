/** Listens on a socket that a service manager has bound and keeps: nothing is bound, renamed or removed here. */
import { lstatSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { SocketListener, SocketListenerOptions } from './socket-listener.ts'
import { WaitingRoom } from './waiting-room.ts'

export interface InheritedListenerOptions extends SocketListenerOptions {
  /** The descriptor, of a socket that listens at `path`. */
  readonly fd: number
}

const watchMs = 1000
const turnAwayMs = 30

/** The path is looked at every second: left to the other when another daemon took it; when it is gone, only the manager can make it anew. */
export async function listenOnInherited(options: InheritedListenerOptions): Promise<SocketListener> {
  const { fd, path, maxConnections, onLost, onTrouble } = options
  const room = new WaitingRoom()
  const server = createServer(room.receive)
  server.maxConnections = maxConnections
  server.on('drop', () => onTrouble(`a connection over the limit of ${maxConnections} was dropped`))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ fd }, resolve)
  })
  server.on('error', (error) => onTrouble(error.message))

  const inode = lstatSync(path, { throwIfNoEntry: false })?.ino
  let missing = false
  const look = () => {
    const now = lstatSync(path, { throwIfNoEntry: false })?.ino
    if (now === undefined && !missing)
      onTrouble(`the socket ${path} is gone; \`codex-share daemon restart\` makes it anew`)
    missing = now === undefined
    if (now !== undefined && now !== inode) onLost('another daemon has taken the socket')
  }
  const watch = setInterval(look, watchMs).unref()

  return {
    serve: (serve) => room.serve(serve),
    close() {
      clearInterval(watch)
      room.dismiss()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/**
 * Sends those away who wait at sockets that will not be served. The manager would otherwise see them waiting and start the daemon again
 * at once, and they would wait on.
 */
export async function turnAway(fds: Iterable<number>): Promise<void> {
  for (const fd of fds) {
    const server = createServer((socket) => socket.destroy())
    server.on('error', () => {}) // It was being served already, which ends with this process.
    server.listen({ fd })
    await delay(turnAwayMs)
    server.close()
  }
}
