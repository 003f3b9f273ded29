/** Limits a stock client that is not simply a process of the user's own, and sends away one that may not even read. */
import type { WebSocket } from 'ws'
import { awakeTimeout } from '../../../platform/time/awake-clock.ts'
import { textIn } from '../../../protocol/json/read-json.ts'
import { codexMethods } from '../../daemon-socket/codex-methods.ts'
import { effectOf } from '../../gate/method-effects.ts'
import type { PeerIdentity } from '../../peers/peer-identity.ts'
import { includes, refusal } from '../../peers/rights.ts'
import { type ClientRequest, errorFrame, requestFrame } from '../frames/client-frames.ts'
import { frameOf, messageIn } from '../frames/peek-frame.ts'
import type { StockSession } from '../stock-session.ts'
import { stockError } from './stock-errors.ts'

/** For so long it may take to ask. */
const silentMs = 5000

/** Says why to its first request, in the form that a stock client shows, and closes. */
export function sendAway(ws: WebSocket, identity: PeerIdentity): void {
  const error = stockError(refusal(identity, 'refused'))
  ws.on('error', () => {}) // It ends the connection, which is what happens anyway.
  const silent = awakeTimeout(() => ws.terminate(), silentMs)
  ws.on('close', () => silent.clear())
  ws.on('message', (data) => {
    const frame = frameOf(Buffer.isBuffer(data) ? messageIn(data) : undefined)
    if (frame.kind === 'request') ws.send(errorFrame(frame.id, error))
    ws.close(1008, 'not allowed')
  })
}

/**
 * The request in the form in which it may go to Codex; undefined when it was refused. It is serialised again, so that Codex gets exactly
 * what was judged, even where the client's JSON can be read in two ways.
 */
export function restrict(session: StockSession, request: ClientRequest): ClientRequest | undefined {
  const { right, identity, core, threads } = session
  const { method, params } = request
  const threadId = textIn(params, 'threadId')
  const effect = effectOf(method)
  const row = Object.hasOwn(codexMethods, method) ? codexMethods[method] : undefined
  // Only so can it follow a thread here. What else it would set is left out.
  if (effect === 'resumesThread' && threadId !== null && core.directory.isShared(threadId))
    return rewritten(request, { threadId, excludeTurns: params.excludeTurns ?? true })
  const claim = { ownTurnId: threads.get(threadId)?.ownTurnId ?? null }
  const interrupt = { is: 'interrupt', claim, mayTouchOthers: includes(right, 'full') } as const
  const isOthers = effect === 'interrupts' && core.slots.judge(threadId ?? '', interrupt).is === 'denied'
  if (effect === 'introduces' || (row && includes(right, row.needs) && !isOthers)) return rewritten(request, params)
  session.client.refuse(request, stockError(refusal(identity, method)))
  return undefined
}

function rewritten(request: ClientRequest, params: ClientRequest['params']): ClientRequest {
  return { ...request, params, data: Buffer.from(requestFrame(request.id, request.method, params)) }
}
