/** Makes a peer of a connection: who it is, and the limits that hold for each. */
import type { Socket } from 'node:net'
import type { Channel } from '../rpc/channel.ts'
import { RpcPeer } from '../rpc/rpc-peer.ts'
import type { DaemonCore } from './core.ts'
import { dispatch } from './dispatch.ts'
import { identifyPeer } from './identity/peer-identity.ts'
import { rightOf } from './identity/rights.ts'

/** One that does not read its answers is not read from, either. */
export function welcomePeer(core: DaemonCore, socket: Socket, channel: Channel): void {
  const { peers, settings } = core
  const { requestsInFlight, queuedBytes } = settings.limits
  const identity = identifyPeer(socket)
  const peer = peers.add({
    channel,
    identity,
    right: rightOf(identity, settings.peers),
    makeRpc: (self) =>
      new RpcPeer(channel, {
        maxInFlight: requestsInFlight,
        onRequest: (method, params, signal) => {
          if (channel.queuedBytes > queuedBytes) {
            channel.pause()
            channel.onceDrained(() => channel.resume())
          }
          return dispatch(core, self(), { method, params, signal })
        },
      }),
  })
  channel.onClose(() => peers.remove(peer))
}
