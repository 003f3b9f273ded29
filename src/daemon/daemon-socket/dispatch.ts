/** From a request to its handler: one look-up; what is not ours is Codex's. */
import * as v from 'valibot'
import { isCorrupt, isDatabaseError } from '../../ledger/open-ledger.ts'
import { ShareError } from '../../protocol/errors.ts'
import { type MethodName, methods } from '../../protocol/methods.ts'
import type { DaemonCore } from '../core.ts'
import type { ConnectedPeer } from '../peers/peers.ts'
import { includes, type Right, refusal, requireRight } from '../peers/rights.ts'
import { codexMethods } from './codex-methods.ts'
import type { Handler } from './handler.ts'
import { onAnswer, onListApprovals } from './handlers/approvals.ts'
import { onAdopt, onShutdown, onStatus, onWho } from './handlers/daemon.ts'
import { onEvents, onSubscribe, onUnsubscribe } from './handlers/events.ts'
import { onForget } from './handlers/forget.ts'
import { onInitialize } from './handlers/initialize.ts'
import { onMoveAppServer } from './handlers/move-app-server.ts'
import { onClose, onList, onOpen, onResolve } from './handlers/threads.ts'
import { passThrough } from './pass-through.ts'

const handlers: { readonly [M in MethodName]: Handler<M> } = {
  initialize: onInitialize,
  'share/open': onOpen,
  'share/close': onClose,
  'share/list': onList,
  'share/resolve': onResolve,
  'share/subscribe': onSubscribe,
  'share/unsubscribe': onUnsubscribe,
  'share/events': onEvents,
  'share/forget': onForget,
  'share/who': onWho,
  'share/approvals': onListApprovals,
  'share/answer': onAnswer,
  'share/status': onStatus,
  'share/adopt': onAdopt,
  'share/moveAppServer': onMoveAppServer,
  'share/shutdown': onShutdown,
}

/** The least right that each of our methods needs. A peer without the right to read is refused at its first request. */
const needs: { readonly [M in MethodName]: Right } = {
  initialize: 'read',
  'share/open': 'full',
  'share/close': 'full',
  'share/list': 'read',
  'share/resolve': 'read',
  'share/subscribe': 'read',
  'share/unsubscribe': 'read',
  'share/events': 'read',
  'share/forget': 'full',
  'share/who': 'read',
  'share/approvals': 'read',
  'share/answer': 'full',
  'share/status': 'read',
  'share/adopt': 'full',
  'share/moveAppServer': 'full',
  'share/shutdown': 'full',
}

interface Asked {
  readonly method: string
  readonly params: unknown
  readonly signal: AbortSignal
}

/** Answers a peer's request. */
export async function dispatch(core: DaemonCore, peer: ConnectedPeer, asked: Asked): Promise<unknown> {
  try {
    await untilHomeIsKnown(core, peer, asked)
    return await answer(core, peer, asked)
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    const isDamaged = isCorrupt(error)
    if (isDamaged) core.ledger.soundness.suspect()
    throw ledgerError(error, isDamaged)
  }
}

function ledgerError(cause: Error, isDamaged: boolean): ShareError {
  if (!isDamaged)
    return new ShareError('unavailable', `the ledger cannot be used: ${cause.message}`, {
      hint: '`codex-share doctor` looks at its disk.',
      cause,
    })
  return new ShareError('unexpected', `the ledger is damaged: ${cause.message}`, {
    hint: '`codex-share doctor` says how to mend it.',
    cause,
  })
}

function answer(core: DaemonCore, peer: ConnectedPeer, { method, params, signal }: Asked): unknown {
  if (!includes(peer.right, 'read')) {
    // Behind the reply: one that is not served must not keep a place from those who are.
    setImmediate(() => peer.channel.close())
    throw refusal(peer.identity, 'refused')
  }
  if (!peer.author && method !== 'initialize') throw new ShareError('notInitialized', 'say initialize first')
  if (isOurs(method)) {
    if (!mayAlwaysEnd(peer, method)) requireRight(peer, needs[method], method)
    return call(method, core, params ?? {}, peer, signal)
  }
  if (method.startsWith('share/')) throw new ShareError('methodNotFound', `unknown method: ${method}`)
  const checked = v.safeParse(v.record(v.string(), v.unknown()), params ?? {})
  if (!checked.success) throw new ShareError('usage', `${method}: params must be an object`)
  return passThrough(core, peer, method, checked.output, signal)
}

/** The daemon is the user's, wherever they ask from: they may end it, and move it to their CODEX_HOME. */
function mayAlwaysEnd({ granted }: ConnectedPeer, method: MethodName): boolean {
  const ends = method === 'share/shutdown' || method === 'share/moveAppServer'
  return ends && includes(granted, needs[method])
}

/**
 * An app-server that an earlier daemon started may have another home than ours: which, is known once it is linked to. What needs Codex
 * waits for that anyway.
 */
async function untilHomeIsKnown({ supervisor, gateway }: DaemonCore, peer: ConnectedPeer, { method, signal }: Asked) {
  if (peer.codexHome === undefined || supervisor.state !== 'connecting') return
  const needed = method === 'share/open' ? needs[method] : codexMethods[method]?.needs
  // Where none comes, what was asked fails by itself.
  if (needed && needed !== 'read') await gateway.link(signal).catch(() => {})
}

function isOurs(method: string): method is MethodName {
  return Object.hasOwn(handlers, method)
}

function call<M extends MethodName>(
  method: M,
  core: DaemonCore,
  params: unknown,
  peer: ConnectedPeer,
  signal: AbortSignal,
): unknown {
  const checked = v.safeParse(methods[method].params, params)
  if (!checked.success) {
    const [issue] = checked.issues
    throw new ShareError('usage', `${method}: ${v.getDotPath(issue) ?? 'params'}: ${issue.message}`)
  }
  // The row of the table that checked the parameters is the one the handler is typed by.
  return handlers[method](core, checked.output as Parameters<Handler<M>>[1], peer, signal)
}
