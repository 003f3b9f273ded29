/** How a request gets to Codex: over the daemon's own link, or over the link of the stock client that it came from. */

import type { Thread } from '../../codex/decoding/upstream-types.ts'
import type { AppServerLink } from '../../codex/link/app-server-link.ts'
import { UpstreamError } from '../../codex/link/upstream-error.ts'
import { isDraining, threadTrouble } from '../../codex/link/upstream-quirks.ts'
import { ShareError } from '../../protocol/errors.ts'
import { type JsonObject, textIn } from '../../protocol/json/read-json.ts'
import { translateUpstreamError } from '../codex-link/translate-upstream-error.ts'
import { wasSent } from './outcome.ts'

export type Sent =
  | { readonly is: 'answered'; readonly result: unknown }
  /** Nothing came of it. The error is as its sender's side gets it; `isUnloaded` where Codex may take it once the thread is loaded again. */
  | { readonly is: 'refused'; readonly error: unknown; readonly isUnloaded: boolean }
  /** There was no answer, or none that can be read: it may have arrived. */
  | { readonly is: 'lost'; readonly error: ShareError }
  /** It was not sent, or to a Codex that takes nothing new: the next link may be tried. */
  | { readonly is: 'unsent'; readonly error: unknown }

export interface Sender {
  /** It is a stock client's, which has Codex's answer from Codex itself. */
  readonly isGuest: boolean
  /** The thread, when nothing was said in it yet: Codex has not stored it, so it cannot be followed before its first turn. */
  readonly unstored: Pick<Thread, 'id' | 'name' | 'cwd' | 'preview'> | undefined
  /** Waits while a stock client is taken over to another app-server. */
  untilLinked(): Promise<void>
  /** `link` is the daemon's own, where the thread is followed on it. */
  send(method: string, params: JsonObject, link: AppServerLink | undefined): Promise<Sent>
}

/** `timeoutMs` milliseconds without an answer, and it is lost. */
export function ownLink(timeoutMs: number): Sender {
  return {
    isGuest: false,
    unstored: undefined,
    untilLinked: async () => {},
    send: async (method, params, link) => {
      if (!link) return { is: 'unsent', error: new ShareError('unexpected', `${method}: the thread is not followed`) }
      try {
        return { is: 'answered', result: await link.forward(method, params, { timeoutMs }) }
      } catch (error) {
        if (wasSent(error)) return { is: 'lost', error }
        const known = translateUpstreamError(error, textIn(params, 'threadId'))
        if (!(error instanceof UpstreamError) || isDraining(error)) return { is: 'unsent', error: known }
        return { is: 'refused', error: known, isUnloaded: threadTrouble(error)?.kind === 'notLoaded' }
      }
    },
  }
}
