/** `turn/steer`: into one's own turn, or into somebody else's when that was asked for outright; never twice. */
import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { ShareError } from '../../protocol/errors.ts'
import type { Author } from '../../protocol/events.ts'
import { type JsonObject, objectIn, textIn } from '../../protocol/json/read-json.ts'
import type { SlotClaim } from '../slots/admission.ts'
import type { GateDeps } from './gate-deps.ts'
import type { Outcome } from './outcome.ts'
import { conflictError, contentDigest, isSameContent } from './request-id.ts'
import type { Sender } from './sender.ts'

export interface Steerer {
  readonly author: Author
  /** What makes a turn its own; its name by default. */
  readonly claim?: SlotClaim
  /** Whether it may steer turns that are not its own. */
  readonly mayTouchOthers: boolean
}

/**
 * Steering somebody else's turn cuts their answer short: it takes an outright wish (`share: {steer: true}`).
 *
 * A request id makes it repeatable: the same one again answers with the turn that took the prompt the first time.
 *
 * @throws where nothing was submitted: ShareError `usage`, `conflict`, and what `claim` throws
 */
export function admitSteer(
  deps: GateDeps,
  sender: Sender,
  params: JsonObject,
  steerer: Steerer,
): Promise<Outcome<unknown>> {
  return deps.gateway.untilSent(() => steerOnce(deps, sender, params, steerer))
}

async function steerOnce(
  deps: GateDeps,
  sender: Sender,
  params: JsonObject,
  { author, claim = { by: author }, mayTouchOthers }: Steerer,
): Promise<Outcome<unknown>> {
  const { slots, directory, requests } = deps
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
  const admission = slots.judge(threadId, { is: 'steer', claim, isAskedFor })
  if ('active' in admission) return { is: 'notSteerable', active: admission.active }
  const link = await directory.stillClaimed(threadId, claimed)
  const { share: _ours, ...forCodex } = params
  requests.remember(threadId, { requestId, content, input: params.input ?? [], by: author })
  const sent = await sender.send('turn/steer', { ...forCodex, clientUserMessageId: requestId }, link)
  switch (sent.is) {
    case 'answered':
      noteTurn(deps, threadId, requestId, sent.result)
      return { is: 'taken', value: sent.result }
    case 'lost':
      return { is: 'unknown', error: sent.error }
    case 'refused':
      requests.forget(threadId, requestId)
      return { is: 'refused', error: sent.error }
    case 'unsent':
      requests.forget(threadId, requestId)
      throw sent.error
  }
}

/** The prompt belongs to this turn from now on, also when Codex ends before it passes the text on. */
function noteTurn({ requests }: GateDeps, threadId: string, requestId: string, answer: unknown): void {
  const { success, output } = v.safeParse(v.looseObject({ turnId: v.string() }), answer)
  if (success) requests.fulfil(threadId, requestId, output.turnId)
}

/** An earlier try was not answered: the thread's history shows whether it arrived. */
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
