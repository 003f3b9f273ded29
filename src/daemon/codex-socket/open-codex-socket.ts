/** Serves stock clients on a socket: on `codex.sock`, and where a plain `codex` looks for its own server. */
import type { Socket } from 'node:net'
import type { DaemonCore } from '../core.ts'
import { identifyPeer } from '../peers/peer-identity.ts'
import { includes, rightOf } from '../peers/rights.ts'
import { guardConnection } from '../sockets/guard-connection.ts'
import type { SocketListener } from '../sockets/socket-listener.ts'
import { type CodexListener, type CodexSocketOptions, listenForCodex } from './listen-codex-socket.ts'
import { sendAway } from './rules/restricted-client.ts'
import type { SharedLinks } from './shared-link/shared-links.ts'
import { StockClient } from './stock-client.ts'

/** One of the two sockets, over all the times that it is listened on. */
export class StockSocket {
  private readonly core: DaemonCore
  private readonly sharedLinks: SharedLinks
  private readonly isAdopted: boolean
  private readonly clients = new Map<Socket, StockClient>()

  constructor(core: DaemonCore, sharedLinks: SharedLinks, { isAdopted }: { readonly isAdopted: boolean }) {
    this.core = core
    this.sharedLinks = sharedLinks
    this.isAdopted = isAdopted
  }

  /** @throws what `listenForCodex` throws */
  listen(where: Pick<CodexSocketOptions, 'path' | 'inherited' | 'listen'>): Promise<CodexListener> {
    const { core, clients, sharedLinks, isAdopted } = this
    const { settings, log, connectionLimits } = core
    return listenForCodex({
      ...where,
      maxConnections: connectionLimits.codex.mostAccepted,
      maxFrameBytes: settings.limits.frameBytes,
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
      onLost: (reason) => log.debug(`${where.path}: ${reason}`),
      onTrouble: (message) => log.warn(message),
      guard: (socket) =>
        guardConnection({ log, who: () => `on ${where.path}, without a name`, end: () => socket.destroy() }),
      onClient: (ws, socket) => {
        const identity = identifyPeer(socket)
        if (!includes(rightOf(identity, settings.peers), 'read')) return sendAway(ws, identity)
        const client = new StockClient(core, sharedLinks, { ws, socket, identity, isAdopted })
        clients.set(socket, client)
        socket.once('close', () => clients.delete(socket))
      },
    })
  }

  /** Lets those go whom Codex has not answered yet: they look for another server at once, and would only wait here. */
  closeUnanswered(): void {
    for (const client of this.clients.values())
      if (!client.introduction.isAnswered) client.close(1013, 'there is no app-server at this moment')
  }

  /** Lets all clients go. */
  closeClients(): void {
    for (const client of this.clients.values()) client.close(1001, 'the daemon ends')
  }
}

/** Without this socket the daemon still serves everybody else: when it cannot be had, the log says why. */
export async function openCodexSocket(
  core: DaemonCore,
  sharedLinks: SharedLinks,
  inherited?: number,
): Promise<CodexListener> {
  const { places, log } = core
  const socket = new StockSocket(core, sharedLinks, { isAdopted: false })
  try {
    const listener = await socket.listen({ path: places.codexSocket, inherited })
    return {
      close: async () => {
        socket.closeClients()
        await listener.close()
      },
    }
  } catch (error) {
    log.error({ err: error }, 'stock Codex UIs cannot be served')
    return { close: async () => {} }
  }
}

/** Serves plain `codex` sessions as long as the place is theirs; they go on when the daemon gives it back. */
export function serveAdopted(core: DaemonCore, sharedLinks: SharedLinks): CodexListener {
  const { adoption, settings } = core
  const socket = new StockSocket(core, sharedLinks, { isAdopted: true })
  const serve = async (listener: SocketListener) => {
    const { close } = await socket.listen({ path: adoption.status.path, listen: async () => listener })
    return {
      close: async () => {
        await close()
        socket.closeUnanswered()
      },
    }
  }
  adoption.start(serve, settings.adopt)
  return {
    close: async () => {
      await adoption.close()
      socket.closeClients()
    },
  }
}
