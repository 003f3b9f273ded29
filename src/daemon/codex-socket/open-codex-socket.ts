/** Opens `codex.sock` for stock clients, and lets them go when the daemon ends. */
import type { Socket } from 'node:net'
import type { DaemonCore } from '../core.ts'
import { identifyPeer } from '../peers/peer-identity.ts'
import { includes, rightOf } from '../peers/rights.ts'
import { guardConnection } from '../sockets/guard-connection.ts'
import { type CodexListener, listenForCodex } from './listen-codex-socket.ts'
import { sendAway } from './rules/restricted-client.ts'
import { SharedLinks } from './shared-link/shared-links.ts'
import { StockClient } from './stock-client.ts'

/** Without this socket the daemon still serves everybody else: when it cannot be had, the log says why. */
export async function openCodexSocket(core: DaemonCore, inherited?: number): Promise<CodexListener> {
  const { places, settings, log, connectionLimits } = core
  const clients = new Map<Socket, StockClient>()
  const sharedLinks = new SharedLinks(core)
  try {
    const listener = await listenForCodex({
      path: places.codexSocket,
      maxConnections: connectionLimits.codex.mostAccepted,
      maxFrameBytes: settings.limits.frameBytes,
      inherited,
      admit: (socket) =>
        connectionLimits.codex.admit(socket, {
          isSilent: () => !clients.get(socket)?.introduction.hello,
          end: ({ message }) => {
            const client = clients.get(socket)
            if (client) client.close(1013, message)
            else socket.destroy()
          },
        }),
      // A process that takes this socket has taken `daemon.sock` first, and that ends this daemon.
      onLost: (reason) => log.debug(`${places.codexSocket}: ${reason}`),
      onTrouble: (message) => log.warn(message),
      guard: (socket) =>
        guardConnection({ log, who: () => 'on codex.sock, without a name', end: () => socket.destroy() }),
      onClient: (ws, socket) => {
        const identity = identifyPeer(socket)
        if (!includes(rightOf(identity, settings.peers), 'read')) return sendAway(ws, identity)
        const client = new StockClient(core, sharedLinks, { ws, socket, identity })
        clients.set(socket, client)
        socket.once('close', () => clients.delete(socket))
      },
    })
    return {
      close: async () => {
        for (const client of clients.values()) client.close(1001, 'the daemon ends')
        await listener.close()
      },
    }
  } catch (error) {
    log.error({ err: error }, 'stock Codex UIs cannot be served')
    return { close: async () => {} }
  }
}
