/** Codex's own methods on `daemon.sock`: passed on as they are, where no rule of the daemon applies. */
import type { AppServerLink } from '../../codex/link/app-server-link.ts'
import { ShareError } from '../../protocol/errors.ts'
import { type JsonObject, textIn } from '../../protocol/json/read-json.ts'
import { withCanonicalThread } from '../../protocol/thread-id.ts'
import { translateUpstreamError } from '../codex-link/translate-upstream-error.ts'
import type { DaemonCore } from '../core.ts'
import { effectOf } from '../gate/method-effects.ts'
import { resultOf } from '../gate/outcome.ts'
import type { ConnectedPeer } from '../peers/peers.ts'
import { includes, requireRight } from '../peers/rights.ts'
import { type Submitter, withoutLoosening } from '../peers/submitter.ts'
import { answerQueue, isQueueMethod } from '../queue/answer-queue.ts'
import { codexMethods } from './codex-methods.ts'

type Deps = Pick<
  DaemonCore,
  'gateway' | 'gate' | 'settings' | 'directory' | 'threadSettings' | 'threadSync' | 'slots' | 'queues' | 'queueDrain'
>

/** Answers a method of Codex's for a peer. */
export async function passThrough(
  deps: Deps,
  peer: ConnectedPeer,
  method: string,
  asked: JsonObject,
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
  const submitter = { author, identity: peer.identity }
  const mayTouchOthers = includes(peer.right, 'full')
  const effect = effectOf(method)
  switch (effect) {
    case 'prompts':
      return resultOf(await deps.gate.submit(params, submitter))
    case 'begins':
    case 'beginsOrJoins': {
      const { share: _ours, ...asAsked } = params
      return resultOf(await deps.gate.begin({ method, effect, params: asAsked }, submitter)).result
    }
    case 'steers':
      return resultOf(await deps.gate.steer(params, { author, mayTouchOthers }))
    case 'interrupts':
      return resultOf(await deps.gate.interrupt(params, submitter, mayTouchOthers))
    case 'queues':
      if (isQueueMethod(method))
        return answerQueue(deps, method, params, { author, identity: peer.identity, right: peer.right })
      return forward(deps, { method, params, signal })
    case 'resumesThread':
    case 'changesSettings':
      if (params.path || params.history)
        throw new ShareError('usage', `${method}: name the thread by its threadId alone`)
      return forward(deps, { method, params, signal }, (threadId) => changeSettings(deps, threadId, params, submitter))
    case 'archivesThread': {
      const result = await forward(deps, { method, params, signal })
      // Codex may tell of it only after its answer: what came in between would be taken.
      deps.threadSync.noteUnloaded(textIn(params, 'threadId') ?? '')
      return result
    }
    default:
      return forward(deps, { method, params, signal })
  }
}

interface Asked {
  readonly method: string
  readonly params: JsonObject
  readonly signal: AbortSignal
}

/** `admit` gives the link that it is to be sent on at once, where that matters. */
function forward(
  { gateway, settings }: Deps,
  { method, params, signal }: Asked,
  admit?: (threadId: string) => Promise<AppServerLink | undefined>,
): Promise<unknown> {
  const threadId = textIn(params, 'threadId')
  const { share: _ours, ...forCodex } = params
  const timeoutMs = settings.limits.upstreamSeconds * 1000
  return gateway.untilSent(async () => {
    const claimed = threadId === null ? undefined : await admit?.(threadId)
    const link = claimed ?? (await gateway.link(signal))
    try {
      return await link.forward(method, forCodex, { timeoutMs, signal })
    } catch (error) {
      throw translateUpstreamError(error, threadId)
    }
  })
}

/** @throws ShareError `denied`, and what `claim` throws */
async function changeSettings(
  { directory, threadSettings }: Deps,
  threadId: string,
  params: JsonObject,
  submitter: Submitter,
): Promise<AppServerLink | undefined> {
  if (!directory.isShared(threadId)) return undefined
  const link = await directory.claim(threadId)
  await withoutLoosening(threadSettings, threadId, params, submitter)
  threadSettings.expect(threadId, params, submitter.author)
  return directory.stillClaimed(threadId, link)
}
