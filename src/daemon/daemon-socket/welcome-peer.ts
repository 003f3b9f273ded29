/** Makes a peer of a connection: who it is, and the limits that hold for each. */
import type { Socket } from 'node:net'
import { awakeTimeout } from '../../platform/time/awake-clock.ts'
import type { ChannelServer } from '../../rpc/node-ipc-channel.ts'
import { RpcPeer } from '../../rpc/rpc-peer.ts'
import type { DaemonCore } from '../core.ts'
import { identifyPeer } from '../peers/peer-identity.ts'
import type { ConnectedPeer } from '../peers/peers.ts'
import { rightOf } from '../peers/rights.ts'
import { guardConnection } from '../sockets/guard-connection.ts'
import { dispatch } from './dispatch.ts'
import { closeFor, refuseConnection } from './refuse-connection.ts'

/** As many take up to 60 ms to read, each of them the name of a member and no name twice. A prompt has some dozens. */
const mostValues = 20_000
/** For so long one that will not be served may take to ask, and be told why. */
const silentMs = 5000

/** One that does not read its answers is not read from, either. */
export function welcomePeer(core: DaemonCore, socket: Socket, channels: ChannelServer): void {
  const { peers, settings, log, connectionLimits } = core
  const { requestsInFlight, queuedBytes } = settings.limits
  let peer: ConnectedPeer | undefined
  const who = () => peer?.author?.label ?? 'on daemon.sock, without a name'
  const guard = guardConnection({ log, who, end: () => socket.destroy() })
  guard.run(() => {
    const channel = channels.adopt(socket, guard)
    const tooMany = connectionLimits.daemon.admit(socket, {
      isSilent: () => !peer?.author,
      end: (reason) => closeFor(channel, reason),
    })
    if (tooMany) return refuseConnection(channel, tooMany)
    const identity = identifyPeer(socket)
    const welcomed = peers.add({
      channel,
      identity,
      granted: rightOf(identity, settings.peers),
      homeInUse: core.codexHome,
      makeRpc: (self) =>
        new RpcPeer(channel, {
          maxInFlight: requestsInFlight,
          mostValues,
          onRequest: (method, params, signal) => {
            if (channel.queuedBytes > queuedBytes) {
              channel.pause()
              channel.onceDrained(() => channel.resume())
            }
            return dispatch(core, self(), { method, params, signal })
          },
        }),
    })
    peer = welcomed
    if (welcomed.right === 'none') awakeTimeout(() => channel.close(), silentMs).unref()
    channel.onClose(() => peers.remove(welcomed))
  })
}
