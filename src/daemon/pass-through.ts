/** Codex's own methods on `daemon.sock`: passed on as they are, where no rule of the daemon applies. */
import { ShareError } from '../protocol/errors.ts'
import type { DaemonCore } from './core.ts'
import type { ConnectedPeer } from './peers.ts'
import { steerTurn } from './steer-turn.ts'
import { type Loose, textIn } from './thread-facts.ts'
import { busyError } from './turn-slots.ts'
import { translateUpstreamError } from './upstream.ts'

/** What a read-only peer may ask of Codex. */
const readingMethods = new Set([
  'account/rateLimits/read',
  'account/read',
  'config/read',
  'model/list',
  'thread/items/list',
  'thread/list',
  'thread/loaded/list',
  'thread/read',
  'thread/turns/list',
])

/** These act on a connection, and the connection to Codex is the daemon's own: it would stop following for everybody. */
const connectionMethods = new Set(['initialize', 'initialized', 'thread/unsubscribe'])

/** These begin a turn of their own kind, so they need the slot to be free like a prompt does. */
const turnMethods = new Set(['review/start', 'thread/compact/start'])

type Deps = Pick<DaemonCore, 'upstream' | 'submitTurn' | 'slots' | 'keeper' | 'settings' | 'finder' | 'ledger'>

/** Answers a method of Codex's for a peer. */
export async function passThrough(
  deps: Deps,
  peer: ConnectedPeer,
  method: string,
  params: Loose,
  signal: AbortSignal,
): Promise<unknown> {
  const { author } = peer
  if (!author) throw new ShareError('notInitialized', 'say initialize first')
  if (peer.readOnly && !readingMethods.has(method))
    throw new ShareError('readOnly', `${method}: this connection is read-only`)
  if (connectionMethods.has(method) || !method.includes('/'))
    throw new ShareError('methodNotFound', `${method} is not available here`)
  if (method === 'turn/start') return deps.submitTurn.submit(params, author)
  if (method === 'turn/steer') return steerTurn(deps, params, author)
  const threadId = textIn(params, 'threadId')
  if (turnMethods.has(method) && threadId !== null) await refuseWhileBusy(deps, threadId)
  if (method === 'turn/interrupt' && threadId !== null) {
    await deps.finder.claim(threadId)
    deps.keeper.interruptedBy(threadId, author)
  }
  const link = await deps.upstream.link(signal)
  const { share: _ours, ...forCodex } = params
  try {
    return await link.forward(method, forCodex, { timeoutMs: deps.settings.limits.upstreamSeconds * 1000, signal })
  } catch (error) {
    throw translateUpstreamError(error, threadId)
  }
}

async function refuseWhileBusy({ finder, slots }: Deps, threadId: string): Promise<void> {
  await finder.claim(threadId)
  const active = slots.active(threadId)
  if (active) throw busyError(active)
}
