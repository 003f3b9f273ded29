/** Serves clients on both sockets, and those first that were accepted before the ledger was open. */
import type { Settings } from '../../platform/settings/settings.ts'

import { programVersion } from '../../protocol/version.ts'
import { createChannelServer } from '../../rpc/node-ipc-channel.ts'
import { openCodexSocket, serveAdopted } from '../codex-socket/open-codex-socket.ts'
import { SharedLinks } from '../codex-socket/shared-link/shared-links.ts'
import type { DaemonCore } from '../core.ts'
import { welcomePeer } from '../daemon-socket/welcome-peer.ts'
import type { SocketListener } from '../sockets/socket-listener.ts'
import type { Closable, Stage } from './close-stack.ts'

export interface ServeSocketsOptions {
  /** `daemon.sock`, which accepts connections already. */
  readonly listening: Stage<SocketListener>
  /** The descriptor of `codex.sock`, where a service manager has handed one over. */
  readonly codexSocketFd: number | undefined
  readonly limits: Settings['limits']
}

export async function serveSockets(
  core: DaemonCore,
  { listening, codexSocketFd, limits }: ServeSocketsOptions,
): Promise<Closable> {
  const { recorder, places, log } = core
  const channels = createChannelServer({
    maxFrameBytes: limits.frameBytes,
    frameTimeoutMs: 30_000,
    maxQueuedBytes: Math.max(64 * 1024 * 1024, limits.queuedBytes * 4),
  })
  // First, so that a client that was answered on the one socket finds the other.
  const sharedLinks = new SharedLinks(core)
  const codexSocket = await openCodexSocket(core, sharedLinks, codexSocketFd)
  const adopted = serveAdopted(core, sharedLinks)
  listening.parts.serve((socket) => welcomePeer(core, socket, channels))
  log.info({ endpoint: places.daemonSocket, pid: process.pid, version: programVersion }, 'the daemon serves')
  return {
    close: async (end) => {
      const unlistened = Promise.all([listening.close(end), codexSocket.close(), adopted.close()])
      // What waits to be recorded goes out before the connections end.
      recorder.flush()
      await channels.stop()
      await unlistened
    },
  }
}
