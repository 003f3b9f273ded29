/** What following a thread brings, in order. */
import type { Gap } from '../../protocol/events.ts'
import type { ActiveTurn } from '../../protocol/methods.ts'
import type { EventFrame } from '../connection/event-frames.ts'

export type FollowEntry =
  /** A connection stands; said anew after every break. `head` is the thread's newest id, `turn` what runs at this moment. */
  | { readonly kind: 'attached'; readonly head: number; readonly turn: ActiveTurn | null }
  | EventFrame
  | { readonly kind: 'gap'; readonly gap: Gap }
  /** The replay has reached the newest event; all that follows is live. */
  | { readonly kind: 'caughtUp'; readonly id: number }
  /** Why the daemon can record nothing at present, so that no event comes; null when it can again. */
  | { readonly kind: 'ledger'; readonly problem: string | null }
  /** Somebody ended the sharing; nothing follows. */
  | { readonly kind: 'closed' }
