/** A peer on the app-server itself: the direct connection that the daemon is measured against. */
import { type Loose, openCaller } from './caller.ts'
import { isDeltaAt, type Peer, type PeerOptions } from './peer.ts'
import { openWebSocketWire } from './websocket-wire.ts'

const beforeMethod = '{"method":"'.length

export async function connectAppServerPeer({ socketPath, onDelta, onNotification }: PeerOptions): Promise<Peer> {
  const caller = await openCaller({
    open: (onMessage) => openWebSocketWire(socketPath, onMessage),
    envelope: {},
    intercept(bytes, start, end) {
      if (!isDeltaAt(bytes, start + beforeMethod)) return false
      onDelta(0, bytes, start, end)
      return true
    },
    onNotification,
  })
  await caller.call('initialize', {
    clientInfo: { name: 'bench', version: '0', title: null },
    capabilities: { experimentalApi: true, requestAttestation: false, optOutNotificationMethods: [] },
  })
  caller.notify('initialized', {})
  return {
    ...caller,
    async startThread() {
      const { thread } = await caller.call('thread/start', { cwd: process.cwd() })
      const threadId = String((thread as Loose).id)
      // A thread with a name is stored, so that the other peers can resume it.
      await caller.call('thread/name/set', { threadId, name: 'bench' })
      return threadId
    },
    follow: async (threadId) => {
      await caller.call('thread/resume', { threadId, excludeTurns: true })
    },
  }
}
