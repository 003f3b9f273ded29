/** `turn/steer` from a peer on `daemon.sock`: one's own turn, or somebody else's when that was asked for outright; never twice. */
import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { UpstreamError } from '../../codex/link/upstream-error.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { Author } from '../../protocol/events.ts'
import { type JsonObject, objectIn, textIn } from '../../protocol/json/read-json.ts'
import { isUnsent, translateUpstreamError } from '../codex-link/codex-gateway.ts'
import type { GateDeps } from './gate-deps.ts'
import type { Outcome } from './outcome.ts'
import { conflictError, contentDigest, isSameContent } from './request-id.ts'

export interface Steerer {
  readonly author: Author
  /** Whether it may steer turns that are not its own. */
  readonly mayTouchOthers: boolean
}

/**
 * Steering somebody else's turn cuts their answer short: it takes an outright wish (`share: {steer: true}`).
 *
 * A request id makes it repeatable: the same one again answers with the turn that took the prompt the first time.
 *
 * @throws where nothing was submitted: ShareError `conflict`, `notFound`; Codex's own refusals as they are
 */
export function admitSteer(deps: GateDeps, params: JsonObject, steerer: Steerer): Promise<Outcome<unknown>> {
  return deps.gateway.untilSent(() => steerOnce(deps, params, steerer))
}

async function steerOnce(
  deps: GateDeps,
  params: JsonObject,
  { author, mayTouchOthers }: Steerer,
): Promise<Outcome<unknown>> {
  const { slots, timeoutMs, directory, requests } = deps
  const threadId = textIn(params, 'threadId')
  if (threadId === null) throw new ShareError('usage', 'turn/steer: threadId is missing')
  const claimed = await directory.claim(threadId)
  const requestId = textIn(params, 'clientUserMessageId') ?? randomUUID()
  const content = contentDigest(params)
  const known = requests.find(threadId, requestId)
  if (known && !isSameContent(known, content)) throw conflictError(known)
  const turnId = known && (known.turnId ?? (await findOut(deps, threadId, requestId)))
  if (turnId) return { is: 'taken', value: { turnId } }
  const isAskedFor = mayTouchOthers && objectIn(params, 'share')?.steer === true
  const admission = slots.judge(threadId, { is: 'steer', claim: { by: author }, isAskedFor })
  if ('active' in admission) return { is: 'notSteerable', active: admission.active }
  const link = await directory.stillClaimed(threadId, claimed)
  const { share: _ours, ...forCodex } = params
  requests.remember(threadId, { requestId, content, input: params.input ?? [], by: author })
  try {
    const answer = await link.forward('turn/steer', { ...forCodex, clientUserMessageId: requestId }, { timeoutMs })
    noteTurn(deps, threadId, requestId, answer)
    return { is: 'taken', value: answer }
  } catch (error) {
    if (error instanceof UpstreamError || isUnsent(error)) requests.forget(threadId, requestId)
    throw translateUpstreamError(error, threadId)
  }
}

/** The prompt belongs to this turn from now on, also when Codex ends before it passes the text on. */
function noteTurn({ requests }: GateDeps, threadId: string, requestId: string, answer: unknown): void {
  const { success, output } = v.safeParse(v.looseObject({ turnId: v.string() }), answer)
  if (success) requests.fulfil(threadId, requestId, output.turnId)
}

/** An earlier try was not answered: the thread's history tells whether it arrived. */
async function findOut(
  { threadSync, gateway, requests }: GateDeps,
  threadId: string,
  requestId: string,
): Promise<string | null> {
  await gateway.onAnyLink((link) => threadSync.reattach(threadId, link))
  const turnId = requests.find(threadId, requestId)?.turnId ?? null
  if (turnId === null) requests.forget(threadId, requestId)
  return turnId
}
