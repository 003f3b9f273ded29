/** What begins, steers or ends a turn on a stock client's link: the gate decides, and its refusals are put as the client understands them. */

import { textIn } from '../../../protocol/json/read-json.ts'
import { bareTurn } from '../../gate/bare-turn.ts'
import type { OtherTurn } from '../../gate/begin-turn.ts'
import { busyError } from '../../gate/outcome.ts'
import { ClientLink } from '../client-link.ts'
import type { ClientRequest, StockSession } from '../stock-session.ts'
import { notSteerable, stockError } from './stock-errors.ts'
import { submitterOf } from './stock-submitter.ts'

/** Admission: the same slot as for everyone. The prompt goes to Codex on the client's own link, as it came. */
export function onTurnStart(session: StockSession, request: ClientRequest): void | Promise<void> {
  const thread = session.threads.get(textIn(request.params, 'threadId'))
  if (thread?.isHelper) return session.pass(request)
  const link = new ClientLink(session, request, thread)
  const outcome = session.core.gate.submit(request.params, submitterOf(session), link)
  return link.settle(outcome, ({ turn }) => {
    if (thread) thread.ownTurnId = turn.id
    if (!link.isAnswered) session.reply(request, { turn: { ...bareTurn, rootTurnId: turn.id, ...turn } })
  })
}

/** A review, a compaction and a shell command are turns too. In a thread that nobody shares there is no slot to take. */
export function onTurnBegin(
  session: StockSession,
  request: ClientRequest,
  effect: OtherTurn['effect'],
): void | Promise<void> {
  const { core, threads } = session
  const { method, params } = request
  const threadId = textIn(params, 'threadId')
  const thread = threads.get(threadId)
  if (threadId === null || thread?.isHelper || !core.directory.isShared(threadId)) return session.pass(request)
  const link = new ClientLink(session, request, thread)
  const outcome = core.gate.begin({ method, effect, params }, submitterOf(session), link)
  return link.settle(outcome, ({ turnId }) => {
    if (thread && turnId !== null) thread.ownTurnId = turnId
  })
}

/** Steering somebody else's turn would cut their answer short. Whose it is goes by the turn and not by the name: names come again. */
export function onTurnSteer(session: StockSession, request: ClientRequest): void {
  const { core, threads } = session
  const threadId = textIn(request.params, 'threadId')
  const thread = threads.get(threadId)
  const claim = { ownTurnId: thread?.ownTurnId ?? null }
  const isOurs = threadId !== null && !thread?.isHelper
  const admission = isOurs && core.slots.judge(threadId, { is: 'steer', claim, isAskedFor: false })
  if (admission && 'active' in admission) session.refuse(request, notSteerable(admission.active))
  else session.pass(request)
}

/** Codex would end the turn that runs and take it back. As with steering, that is for who began it. */
export function onThreadRevert(session: StockSession, request: ClientRequest): void {
  const { core, author, threads } = session
  const threadId = textIn(request.params, 'threadId')
  const isOurs = threadId !== null && core.directory.isShared(threadId)
  const claim = { ownTurnId: threads.get(threadId)?.ownTurnId ?? null }
  const admission = isOurs && core.slots.judge(threadId, { is: 'steer', claim, isAskedFor: false })
  if (admission && 'active' in admission) {
    session.refuse(request, stockError(busyError(admission.active)))
    return
  }
  if (isOurs && core.slots.active(threadId)) core.notifications.interruptedBy(threadId, author)
  if (isOurs) core.notifications.revertedBy(threadId, author)
  session.pass(request)
}

/** Who may only post was judged before. */
export function onTurnInterrupt(session: StockSession, request: ClientRequest): void {
  const { core, author } = session
  const threadId = textIn(request.params, 'threadId')
  if (threadId !== null && core.directory.isShared(threadId)) core.notifications.interruptedBy(threadId, author)
  session.pass(request)
}
