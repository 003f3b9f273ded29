/** A link to a running app-server over its socket: connected and introduced. */
import { connectAppServerSocket } from './app-server-socket.ts'
import { type AppServerLink, type InitializeOptions, initializeAppServer } from './initialize-app-server.ts'
import { openUpstreamChannel, type UpstreamHandlers } from './upstream-channel.ts'

export type { AppServerFacts, AppServerLink } from './initialize-app-server.ts'

export interface LinkOptions extends UpstreamHandlers, Omit<InitializeOptions, 'timeoutMs'> {
  readonly socketPath: string
  /** Milliseconds for the connection and for `initialize`, each; 10 s by default. */
  readonly timeoutMs?: number
  /** Milliseconds an app-server that left a request unanswered has to answer a ping; 5 s by default. */
  readonly pongTimeoutMs?: number
}

/**
 * Opens a link: connects, says `initialize` and `initialized`.
 *
 * @throws Error with the system's `code` (ENOENT, ECONNREFUSED, …) when nobody listens; else what a call throws
 */
export async function openAppServerLink(options: LinkOptions): Promise<AppServerLink> {
  const { socketPath, timeoutMs = 10_000, pongTimeoutMs = 5_000, signal, onNotification, onRequest } = options
  const channel = await openUpstreamChannel({
    connect: (handlers) => connectAppServerSocket({ socketPath, timeoutMs, signal, ...handlers }),
    pongTimeoutMs,
    onNotification,
    onRequest,
  })
  return initializeAppServer(channel, { ...options, timeoutMs })
}
