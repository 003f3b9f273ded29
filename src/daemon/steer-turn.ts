/** `turn/steer` from a peer on `daemon.sock`: one's own turn, or somebody else's when that was asked for outright; never twice. */
import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { UpstreamError } from '../codex/upstream-error.ts'
import { ShareError } from '../protocol/errors.ts'
import type { Author } from '../protocol/events.ts'
import type { DaemonCore } from './core.ts'
import { conflictError, contentDigest, isSameContent } from './request-id.ts'
import { type Loose, objectIn, textIn } from './thread-facts.ts'
import { busyError } from './turn-slots.ts'
import { isUnsent, translateUpstreamError } from './upstream.ts'

type Deps = Pick<DaemonCore, 'upstream' | 'slots' | 'keeper' | 'settings' | 'finder' | 'requests'>

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
 * @throws ShareError `busy`, `conflict`, `notFound`; Codex's own refusals as they are
 */
export async function steerTurn(deps: Deps, params: Loose, steerer: Steerer): Promise<unknown> {
  return deps.upstream.untilSent(() => steerOnce(deps, params, steerer))
}

async function steerOnce(deps: Deps, params: Loose, { author, mayTouchOthers }: Steerer): Promise<unknown> {
  const { slots, settings, finder, requests } = deps
  const threadId = textIn(params, 'threadId')
  if (threadId === null) throw new ShareError('usage', 'turn/steer: threadId is missing')
  const claimed = await finder.claim(threadId)
  const requestId = textIn(params, 'clientUserMessageId') ?? randomUUID()
  const content = contentDigest(params)
  const known = requests.find(threadId, requestId)
  if (known && !isSameContent(known, content)) throw conflictError(known)
  const turnId = known && (known.turnId ?? (await findOut(deps, threadId, requestId)))
  if (turnId) return { turnId }
  const active = slots.active(threadId)
  const asked = mayTouchOthers && objectIn(params, 'share')?.steer === true
  if (active && !asked && !slots.isOwner(threadId, author)) throw busyError(active)
  const link = await finder.stillClaimed(threadId, claimed)
  const { share: _ours, ...forCodex } = params
  requests.remember(threadId, { requestId, content, input: params.input ?? [], by: author })
  try {
    const timeoutMs = settings.limits.upstreamSeconds * 1000
    const answer = await link.forward('turn/steer', { ...forCodex, clientUserMessageId: requestId }, { timeoutMs })
    noteTurn(deps, threadId, requestId, answer)
    return answer
  } catch (error) {
    if (error instanceof UpstreamError || isUnsent(error)) requests.forget(threadId, requestId)
    throw translateUpstreamError(error, threadId)
  }
}

/** The prompt belongs to this turn from now on, also when Codex ends before it passes the text on. */
function noteTurn({ requests }: Deps, threadId: string, requestId: string, answer: unknown): void {
  const { success, output } = v.safeParse(v.looseObject({ turnId: v.string() }), answer)
  if (success) requests.fulfil(threadId, requestId, output.turnId)
}

/** An earlier try was not answered: the thread's history tells whether it arrived. */
async function findOut(
  { keeper, upstream, requests }: Deps,
  threadId: string,
  requestId: string,
): Promise<string | null> {
  await upstream.onAnyLink((link) => keeper.reattach(threadId, link))
  const turnId = requests.find(threadId, requestId)?.turnId ?? null
  if (turnId === null) requests.forget(threadId, requestId)
  return turnId
}
