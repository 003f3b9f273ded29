/** `codex.sock`: speaks what `codex app-server --listen unix://` speaks, a WebSocket over a Unix socket, on a listener of our own. */
import { createServer, type IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { awakeTimeout } from '../../platform/time/awake-clock.ts'
import type { ShareError } from '../../protocol/errors.ts'
import { daemonHeader, programVersion } from '../../protocol/version.ts'
import type { Guard } from '../../rpc/guard.ts'
import { listenOnInherited } from '../sockets/inherited-listener.ts'
import { listenOnSocket, type SocketListener, type SocketListenerOptions } from '../sockets/socket-listener.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'

export interface CodexSocketOptions extends SocketListenerOptions {
  /** Largest frame from a client, in bytes. */
  readonly maxFrameBytes: number
  /** Counts a connection, or says why it is not taken. */
  readonly admit: (socket: Socket) => ShareError | undefined
  /** Where a service manager has handed the socket over. */
  readonly inherited?: number | undefined
  /** Listens at the path; `listenOnSocket` by default. */
  readonly listen?: ((options: SocketListenerOptions) => Promise<SocketListener>) | undefined
  readonly onClient: (ws: WebSocket, socket: Socket) => void
  /** Milliseconds in which a connection must have become a client; 30 s by default. */
  readonly handshakeMs?: number
  /** Runs what a connection's events call before it has become a client. */
  readonly guard: (socket: Socket) => Guard
}

export interface CodexListener {
  close(): Promise<void>
}

/** Where Codex's own server takes WebSockets. */
const paths = new Set(['/', '/rpc'])

/** @throws ShareError `unavailable` when the path is taken by something that is no socket. */
export async function listenForCodex(options: CodexSocketOptions): Promise<CodexListener> {
  const { maxFrameBytes, inherited, onClient, onTrouble, guard, admit, handshakeMs = 30_000 } = options
  const { listen = listenOnSocket } = options
  /** Connections that have not become a WebSocket: nothing else would ever end them. */
  const undecided = new Set<Socket>()
  const webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    // One message or ping in each turn of the event loop: a flood on one connection keeps nobody else waiting.
    allowSynchronousEvents: false,
  })
  // Never listens: it is handed the connections that our own listener accepted.
  const http = createServer((_request, response) => {
    response.writeHead(426, { connection: 'close', upgrade: 'websocket' }).end('This socket speaks WebSocket.\n')
  })
  // By this others know that there is a daemon of ours, and no server of the user's own.
  webSockets.on('headers', (headers) => headers.push(`${daemonHeader}: ${programVersion}`))
  http.on('upgrade', (request: IncomingMessage, socket, head) => {
    if (socket instanceof Socket) guard(socket).run(() => upgrade(request, socket, head))
    else socket.destroy()
  })
  const upgrade = (request: IncomingMessage, socket: Socket, head: Buffer) => {
    // A target such as `//` is no address at all.
    const pathname = URL.parse(request.url ?? '/', 'ws://localhost')?.pathname
    if (pathname === undefined || !paths.has(pathname)) {
      socket.write('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n')
      socket.destroySoon()
      return
    }
    undecided.delete(socket)
    webSockets.handleUpgrade(request, socket, head, (ws) => onClient(ws, socket))
  }
  http.on('clientError', (error, socket) => {
    onTrouble(`a connection to ${options.path} was no WebSocket: ${error.message}`)
    socket.destroy()
  })
  const listener = await (inherited === undefined ? listen(options) : listenOnInherited({ ...options, fd: inherited }))
  listener.serve((socket) => {
    undecided.add(socket)
    // Node's own time limits hold only for a server that listens.
    const late = awakeTimeout(() => {
      if (undecided.has(socket)) socket.destroy()
    }, handshakeMs).unref()
    socket.once('close', () => {
      late.clear()
      undecided.delete(socket)
    })
    // Once it is upgraded nobody listens for this until it is a WebSocket, and a reset that nobody listens for ends the process.
    socket.on('error', () => {})
    guard(socket).run(() => {
      const tooMany = admit(socket)
      if (tooMany) refuseUpgrade(socket, tooMany)
      else http.emit('connection', socket)
    })
  })
  return {
    close: async () => {
      const closed = listener.close()
      for (const socket of undecided) socket.destroy()
      await closed
    },
  }
}
