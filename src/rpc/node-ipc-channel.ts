/** The only file that knows node-ipc: it carries the connections of `daemon.sock`, with framing and limits of our own. */
import './without-netlink.ts'
import type { Socket } from 'node:net'
import { IPCModule, type IpcServer } from 'node-ipc'
import { awakeTimeout } from '../platform/time/awake-clock.ts'
import type { Channel } from './channel.ts'
import type { Guard } from './guard.ts'
import { type ChannelLimits, defaultChannelLimits, SocketChannel, withLineEnd } from './socket-channel.ts'

/** node-ipc's parser contract, for LF-delimited JSON: it hands us the bytes as they are (`raw`) and guards the write queue. */
function lineParser(limits: ChannelLimits) {
  return {
    raw: true,
    maxPendingBytes: limits.maxQueuedBytes,
    encode: (frame: string | Uint8Array) => withLineEnd(frame),
    read: () => '',
  }
}

/** Turns connections that our own listener accepted into channels. */
export interface ChannelServer {
  /** What the connection's events call is run by the guard. */
  adopt(socket: Socket, guard?: Guard): Channel
  /** Closes every connection once what was sent has gone out, and soon in any case. */
  stop(): Promise<void>
}

const flushMs = 500

/** Sets node-ipc up without a listener: it would unlink a live daemon's socket path when asked to listen. */
export function createChannelServer(limits: ChannelLimits = defaultChannelLimits): ChannelServer {
  const ipc = newIpc(limits)
  ipc.serve('connections-are-accepted-by-our-own-listener')
  const { server } = ipc
  const channels = new Map<Socket, SocketChannel>()
  server.on('data', (bytes: Buffer, socket: Socket) => channels.get(socket)?.receive(bytes))
  return {
    adopt(socket, guard) {
      const write = (bytes: Uint8Array) => writeThrough(server, socket, bytes)
      const channel = new SocketChannel({ socket, limits, write, inTurns: true, ...(guard && { guard }) })
      channels.set(socket, channel)
      channel.onClose(() => channels.delete(socket))
      server.addSocket(socket)
      return channel
    },
    async stop() {
      const open = [...channels.values()]
      const allClosed = Promise.all(
        open.map((channel) => new Promise<void>((resolve) => channel.onClose(() => resolve()))),
      )
      for (const channel of open) channel.close()
      const late = awakeTimeout(() => server.stop(), flushMs)
      await allClosed
      late.clear()
    },
  }
}

function writeThrough(server: IpcServer, socket: Socket, bytes: Uint8Array): void {
  if (!socket.destroyed && socket.writable) server.write(socket, bytes)
}

/**
 * Connects to a daemon's socket.
 *
 * @throws the system's error (`code` is ENOENT, ECONNREFUSED, EACCES, …), or one with code ETIMEDOUT at the deadline.
 */
export function connectSocket(
  path: string,
  { timeoutMs, limits = defaultChannelLimits }: { readonly timeoutMs: number; readonly limits?: ChannelLimits },
): Promise<Channel> {
  const ipc = newIpc(limits)
  return new Promise((resolve, reject) => {
    ipc.connectTo('daemon', path)
    const client = ipc.of.daemon
    if (!client) throw new Error('node-ipc made no client')
    const { socket } = client
    const timer = awakeTimeout(
      () =>
        socket.destroy(
          Object.assign(new Error(`connect timed out after ${timeoutMs / 1000} s`), { code: 'ETIMEDOUT' }),
        ),
      timeoutMs,
    )
    socket.once('error', reject)
    socket.once('close', () => timer.clear())
    client.on('connect', () => {
      timer.clear()
      socket.off('error', reject)
      const write = (bytes: Uint8Array) => {
        if (!socket.destroyed && socket.writable) client.send(bytes)
      }
      const channel = new SocketChannel({ socket, limits, write })
      client.on('data', (bytes: Buffer) => channel.receive(bytes))
      resolve(channel)
    })
  })
}

function newIpc(limits: ChannelLimits): IPCModule {
  const ipc = new IPCModule()
  Object.assign(ipc.config, {
    silent: true,
    parser: lineParser(limits),
    stopRetrying: true,
    maxRetries: 0,
    unlink: false,
  })
  return ipc
}
