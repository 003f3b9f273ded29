/** A peer on `daemon.sock`. */
import { type Loose, openCaller } from './caller.ts'
import { openLineWire } from './line-wire.ts'
import { isDeltaAt, type Peer, type PeerOptions } from './peer.ts'

// An event's line is `{"jsonrpc":"2.0","method":"share/event","params":{"id":N,"threadId":"…","turnId":"…","at":"…","method":"…`.
const beforeId = '{"jsonrpc":"2.0","method":"share/event","params":{"id":'.length
const uuid = '00000000-0000-0000-0000-000000000000'
const fromIdToMethod = `,"threadId":"${uuid}","turnId":"${uuid}","at":"2000-01-01T00:00:00.000Z","method":"`.length
const [zero, nine] = [0x30, 0x39]

export async function connectDaemonPeer({ socketPath, onDelta, onNotification }: PeerOptions): Promise<Peer> {
  const caller = await openCaller({
    open: (onMessage) => openLineWire(socketPath, onMessage),
    envelope: { jsonrpc: '2.0' },
    intercept(bytes, start, end) {
      let at = start + beforeId
      let id = 0
      for (let digit = bytes[at] ?? 0; digit >= zero && digit <= nine; digit = bytes[++at] ?? 0)
        id = id * 10 + digit - zero
      if (!isDeltaAt(bytes, at + fromIdToMethod)) return false
      onDelta(id, bytes, start, end)
      return true
    },
    onNotification(method, params) {
      if (method === 'share/event') onNotification(String(params.method), params.params as Loose)
    },
  })
  await caller.call('initialize', {
    clientInfo: { name: 'bench', version: '0' },
    share: { protocol: { min: 1, max: 1 }, kind: 'script', label: 'bench', pid: process.pid },
  })
  const follow = async (threadId: string) => {
    await caller.call('share/subscribe', { threadId })
  }
  return {
    ...caller,
    async startThread() {
      const { thread } = await caller.call('share/open', { cwd: process.cwd() })
      const threadId = String((thread as Loose).threadId)
      await follow(threadId)
      return threadId
    },
    follow,
  }
}
