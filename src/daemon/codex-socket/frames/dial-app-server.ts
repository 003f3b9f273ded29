/** Opens a stock client's own connection to the app-server, on which nothing was said yet. */
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import type { AppServerLink } from '../../../codex/link/app-server-link.ts'
import type { DaemonCore } from '../../core.ts'
import { PacedSocket, type PacedSocketOptions } from './paced-socket.ts'

/** As large as on the daemon's own link: one message may hold a whole thread. */
const largestFrameBytes = 64 * 1024 * 1024
const timeoutMs = 10_000

/** The real socket: the link to it goes with the runtime folder. */
export function whereCodexListens({ supervisor, places }: Pick<DaemonCore, 'supervisor' | 'places'>): string {
  return supervisor.info?.socketPath ?? places.appServerSocket
}

export type DialOptions = Omit<PacedSocketOptions, 'ws' | 'socket'> & { readonly socketPath: string }

/**
 * `onEnd` is called for the end of a connection that stood.
 *
 * @throws Error with the system's `code` (ENOENT, ECONNREFUSED, …) when nobody listens, or the WebSocket's own when refused.
 */
export async function dialAppServer({ socketPath, onEnd, ...options }: DialOptions): Promise<PacedSocket> {
  const socket = connect(socketPath)
  const ws = new WebSocket('ws://localhost/rpc', {
    createConnection: () => socket,
    perMessageDeflate: false,
    maxPayload: largestFrameBytes,
    handshakeTimeout: timeoutMs,
    // The client checks it anyway, and Codex writes nothing else.
    skipUTF8Validation: true,
  })
  let stands = false
  const paced = new PacedSocket({
    ...options,
    ws,
    socket,
    onEnd: (reason) => {
      if (stands) onEnd(reason)
    },
  })
  await new Promise<void>((resolve, reject) => {
    ws.once('open', () => {
      stands = true
      resolve()
    })
    ws.once('error', reject)
  })
  return paced
}

export interface DialledAppServer {
  readonly server: PacedSocket
  /** Which run of the app-server it is. */
  readonly instance: string | undefined
}

/**
 * As `dialAppServer`, to the one that the daemon is linked to. One that is replaced while it is dialled is not taken: what is said to it
 * would be lost.
 *
 * @throws as `dialAppServer`; ShareError `unavailable` when no app-server comes
 */
export async function dialLinked(
  core: Pick<DaemonCore, 'supervisor' | 'places' | 'gateway'>,
  options: Omit<DialOptions, 'socketPath'>,
): Promise<DialledAppServer> {
  const { gateway, supervisor } = core
  for (;;) {
    const link = await gateway.link()
    const instance = supervisor.info?.instance
    const dialled = await dialAppServer({ ...options, socketPath: whereCodexListens(core) }).catch(
      async (error: unknown) => {
        // Where it does not answer either, its end is just not known yet.
        if (await isAnswering(link)) throw error
        return undefined
      },
    )
    if (dialled && gateway.current === link) return { server: dialled, instance }
    dialled?.close(1000, 'the app-server is being replaced')
  }
}

function isAnswering(link: AppServerLink): Promise<boolean> {
  return link.forward('account/read', {}, { timeoutMs: 5000 }).then(
    () => true,
    () => false,
  )
}
