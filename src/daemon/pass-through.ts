/** Codex's own methods on `daemon.sock`: passed on as they are, where no rule of the daemon applies. */
import type { AppServerLink } from '../codex/app-server-link.ts'
import { ShareError } from '../protocol/errors.ts'
import type { Author } from '../protocol/events.ts'
import { withCanonicalThread } from '../protocol/thread-id.ts'
import { codexMethods } from './codex-methods.ts'
import type { DaemonCore } from './core.ts'
import { requireRight } from './identity/require-right.ts'
import { includes, refusal } from './identity/rights.ts'
import type { ConnectedPeer } from './peers.ts'
import { steerTurn } from './steer-turn.ts'
import { withoutLoosening } from './submitter.ts'
import { type Loose, textIn } from './thread-facts.ts'
import { busyError } from './turn-slots.ts'
import { translateUpstreamError } from './upstream.ts'

/** These begin a turn of their own kind, so they need the slot to be free like a prompt does. */
const turnMethods = new Set(['review/start', 'thread/compact/start'])

/** These carry settings of a thread that others may share. */
const settingMethods = new Set(['thread/resume', 'thread/settings/update'])

type Deps = Pick<
  DaemonCore,
  | 'upstream'
  | 'submitTurn'
  | 'slots'
  | 'keeper'
  | 'notifications'
  | 'settings'
  | 'finder'
  | 'recorder'
  | 'requests'
  | 'threadSettings'
>

/** Answers a method of Codex's for a peer. */
export async function passThrough(
  deps: Deps,
  peer: ConnectedPeer,
  method: string,
  asked: Loose,
  signal: AbortSignal,
): Promise<unknown> {
  const { author } = peer
  if (!author) throw new ShareError('notInitialized', 'say initialize first')
  const row = Object.hasOwn(codexMethods, method) ? codexMethods[method] : undefined
  if (!row)
    throw new ShareError('methodNotFound', `${method} is not available here`, {
      hint: 'Peers use Codex for threads, turns, models and the account; for anything else use Codex itself.',
    })
  requireRight(peer, row.needs, method)
  const params = withCanonicalThread(asked)
  if (method === 'thread/resume' && (params.path || params.history))
    throw new ShareError('usage', 'thread/resume: name the thread by its threadId alone')
  const submitter = { author, identity: peer.identity }
  const mayTouchOthers = includes(peer.right, 'full')
  if (method === 'turn/start') return deps.submitTurn.submit(params, submitter)
  if (method === 'turn/steer') return steerTurn(deps, params, { author, mayTouchOthers })
  const threadId = textIn(params, 'threadId')
  const { share: _ours, ...asAsked } = params
  const timeoutMs = deps.settings.limits.upstreamSeconds * 1000
  return deps.upstream.untilSent(async () => {
    const claimed = threadId === null ? undefined : await admit(deps, { peer, author, method, threadId, params })
    const link = claimed ?? (await deps.upstream.link(signal))
    try {
      const forCodex = method === 'turn/interrupt' ? withInterruptId(deps.slots, asAsked) : asAsked
      return await link.forward(method, forCodex, { timeoutMs, signal })
    } catch (error) {
      throw translateUpstreamError(error, threadId)
    }
  })
}

/** A turn is known here by one id, also where Codex runs it under another and is to be told that one. */
function withInterruptId(slots: DaemonCore['slots'], params: Loose): Loose {
  const [threadId, turnId] = [textIn(params, 'threadId'), textIn(params, 'turnId')]
  return threadId === null || turnId === null ? params : { ...params, turnId: slots.interruptIdOf(threadId, turnId) }
}

interface Asked {
  readonly peer: ConnectedPeer
  readonly author: Author
  readonly method: string
  readonly threadId: string
  readonly params: Loose
}

/**
 * What the daemon's rules say of a method about a thread. Returns the link that it is to be sent on at once, where that matters.
 *
 * @throws ShareError `busy`, `denied`, and what `claim` throws
 */
async function admit(
  deps: Deps,
  { peer, author, method, threadId, params }: Asked,
): Promise<AppServerLink | undefined> {
  const { finder, slots, recorder, notifications, threadSettings } = deps
  if (turnMethods.has(method)) {
    const link = await finder.claim(threadId)
    const active = slots.active(threadId)
    if (active) throw busyError(active)
    return link
  }
  if (method === 'turn/interrupt') {
    // A turn can be ended also while the ledger cannot be written.
    const link = recorder.problem === null ? await finder.claim(threadId) : undefined
    if (!includes(peer.right, 'full') && !slots.isOwner(threadId, author))
      throw refusal(peer.identity, `${method} of another’s turn`)
    notifications.interruptedBy(threadId, author)
    return link
  }
  if (!settingMethods.has(method) || !finder.isShared(threadId)) return undefined
  const link = await finder.claim(threadId)
  await withoutLoosening(threadSettings, threadId, params, { author, identity: peer.identity })
  threadSettings.expect(threadId, params, author)
  return finder.stillClaimed(threadId, link)
}
