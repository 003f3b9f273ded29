/** The shape of a method's handler: what it needs of the daemon, the checked parameters, and who asks. */
import type * as v from 'valibot'
import type { MethodName, MethodResult, methods } from '../../protocol/methods.ts'
import type { JsonText } from '../../rpc/rpc-peer.ts'
import type { DaemonCore } from '../core.ts'
import type { ConnectedPeer } from '../peers/peers.ts'

/** Checked parameters of a method. */
export type Checked<M extends MethodName> = v.InferOutput<(typeof methods)[M]['params']>

/** Answers one method; `JsonText` stands for a result that is JSON already. */
export type Handler<M extends MethodName> = (
  deps: DaemonCore,
  params: Checked<M>,
  peer: ConnectedPeer,
  /** Fires when the peer cancels the request, or goes away. */
  signal: AbortSignal,
) => MethodResult<M> | JsonText | Promise<MethodResult<M> | JsonText>
