/** Takes what begins, steers or ends a turn on a stock client's link to the gate, and puts refusals as the client understands them. */

import { textIn } from '../../../protocol/json/read-json.ts'
import { bareTurn } from '../../gate/bare-turn.ts'
import type { OtherTurn } from '../../gate/begin-turn.ts'
import { effectOf } from '../../gate/method-effects.ts'
import { busyError } from '../../gate/outcome.ts'
import { type ClientSubmission, submit } from '../client-link.ts'
import type { ClientRequest } from '../frames/client-frames.ts'
import type { StockSession } from '../stock-session.ts'
import { beginPrivately, isPrivate } from './private-turns.ts'
import { refusalOf, stockError } from './stock-errors.ts'
import { submitterOf } from './stock-submitter.ts'

/** Admission: the same slot as for everyone. The prompt goes to Codex on the client's own link, as it came. */
export function onTurnStart(session: StockSession, request: ClientRequest): void | Promise<void> {
  const thread = session.threads.get(textIn(request.params, 'threadId'))
  if (thread?.isHelper) return session.server.pass(request)
  if (thread && isPrivate(session, thread)) return beginPrivately(session, request, thread, onTurnStart)
  const submission = submit(session, request, thread, (link) =>
    session.core.gate.submit(request.params, submitterOf(session), link),
  )
  return answer(session, request, submission, ({ turn }, isAnswered) => {
    if (thread) thread.ownTurnId = turn.id
    if (!isAnswered) session.client.reply(request, { turn: { ...bareTurn, rootTurnId: turn.id, ...turn } })
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
  if (thread && isPrivate(session, thread))
    return beginPrivately(session, request, thread, () => onTurnBegin(session, request, effect))
  if (threadId === null || thread?.isHelper || !core.directory.isShared(threadId)) return session.server.pass(request)
  const submission = submit(session, request, thread, (link) =>
    core.gate.begin({ method, effect, params }, submitterOf(session), link),
  )
  return answer(session, request, submission, ({ turnId }) => {
    if (thread && turnId !== null) thread.ownTurnId = turnId
  })
}

/** Answers the client where Codex has not. Resolves when the next message may be taken: the request is on its way, or was answered. */
function answer<T>(
  session: StockSession,
  request: ClientRequest,
  { handedOn, outcome }: ClientSubmission<T>,
  onTaken: (value: T, isAnswered: boolean) => void,
): Promise<void> {
  const { core, author, client, guard } = session
  const { method } = request
  const answered = outcome.then((known) => {
    if (known.is === 'taken') return onTaken(known.value, known.isAnswered)
    if (known.isAnswered) return
    const err = 'error' in known ? known.error : known.is
    core.log.info({ err, method, client: author.label }, 'a turn was refused')
    client.refuse(request, refusalOf(known, effectOf(method)))
  })
  return Promise.race([handedOn, answered.catch(guard.failed)])
}

/** Whose turn it is goes by the turn and not by the name: names come again. The prompt gets an id, by which its author is known. */
export function onTurnSteer(session: StockSession, request: ClientRequest): void | Promise<void> {
  const { core, author, threads } = session
  const threadId = textIn(request.params, 'threadId')
  const thread = threads.get(threadId)
  if (threadId === null || thread?.isHelper || !core.directory.isShared(threadId)) return session.server.pass(request)
  const claim = { ownTurnId: thread?.ownTurnId ?? null }
  const submission = submit(session, request, thread, (link) =>
    core.gate.steer(request.params, { author, claim, mayTouchOthers: false }, link),
  )
  return answer(session, request, submission, (turn, isAnswered) => {
    if (!isAnswered) session.client.reply(request, turn)
  })
}

/** Codex would end the turn that runs and take it back. As with steering, that is for who began it. */
export function onThreadRevert(session: StockSession, request: ClientRequest): void {
  const { core, author, threads } = session
  const threadId = textIn(request.params, 'threadId')
  const isOurs = threadId !== null && core.directory.isShared(threadId)
  const claim = { ownTurnId: threads.get(threadId)?.ownTurnId ?? null }
  const admission = isOurs && core.slots.judge(threadId, { is: 'steer', claim, isAskedFor: false })
  if (admission && 'active' in admission) {
    session.client.refuse(request, stockError(busyError(admission.active)))
    return
  }
  if (isOurs && core.slots.active(threadId)) core.notifications.interruptedBy(threadId, author)
  if (isOurs) core.notifications.revertedBy(threadId, author)
  session.server.pass(request)
}

/** Who may only post was judged before. */
export function onTurnInterrupt(session: StockSession, request: ClientRequest): void {
  const { core, author } = session
  const threadId = textIn(request.params, 'threadId')
  if (threadId !== null && core.directory.isShared(threadId)) core.notifications.interruptedBy(threadId, author)
  session.server.pass(request)
}
