/** Refuses a connection in words: the answer to its first request is the reason, and then it ends. */
import { awakeTimeout } from '../../platform/time/awake-clock.ts'
import { type ShareError, toWireError } from '../../protocol/errors.ts'
import type { Channel } from '../../rpc/channel.ts'
import { errorText } from '../../rpc/json-rpc.ts'
import { RpcPeer } from '../../rpc/rpc-peer.ts'

/** For so long it may take to ask. */
const silentMs = 5000

export function refuseConnection(channel: Channel, reason: ShareError): void {
  new RpcPeer(channel, {
    mostValues: 1000,
    onRequest: () => {
      // Behind the reply: it keeps a descriptor from those who are served.
      setImmediate(() => channel.close())
      throw reason
    },
  })
  const silent = awakeTimeout(() => closeFor(channel, reason), silentMs).unref()
  channel.onClose(() => silent.clear())
}

/** Ends a connection that has asked nothing. */
export function closeFor(channel: Channel, reason: ShareError): void {
  channel.send(errorText(null, toWireError(reason)))
  channel.close()
}
