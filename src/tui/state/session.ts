/** The state of the session that the footer and the status block show: mode, thread, server, turn, connection. */

import type { Peer } from '../../protocol/methods.ts'
import type { ThreadQueue } from '../../protocol/queue.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'

export type Mode = 'LOCAL' | 'SHARED'

/** The turn that runs, as far as it is known. `startedAtMs` is milliseconds since 1970. */
export interface RunningTurn {
  readonly turnId: string | null
  readonly startedAtMs: number
  /** Who began it; null when it is not known. */
  readonly by: string | null
}

export type Connection =
  | { readonly state: 'opening'; readonly what: string }
  | { readonly state: 'open' }
  /** It stands, and nothing comes over it; `since` is milliseconds since 1970. */
  | { readonly state: 'silent'; readonly since: number }
  /** Gone, and tried again; `since` is milliseconds since 1970. */
  | { readonly state: 'lost'; readonly since: number; readonly reason: string }
  /** Gone, and not tried again by itself. */
  | { readonly state: 'failed'; readonly reason: string }

export interface Session {
  readonly mode: Mode
  readonly threadId: string | null
  readonly threadName: string | null
  /** As people read it: `unix:///…`, or what LOCAL runs. */
  readonly endpoint: string
  readonly model: string | null
  readonly cwd: string
  readonly approvals: string | null
  readonly turn: RunningTurn | null
  /** Of the whole thread. */
  readonly tokens: number | null
  readonly peers: readonly Peer[]
  /** What waits until the thread is free; null where nothing does. */
  readonly queue: ThreadQueue | null
  readonly readOnly: boolean
  readonly connection: Connection
}

export function startingSession(cwd: string, readOnly: boolean): Session {
  return {
    mode: 'LOCAL',
    threadId: null,
    threadName: null,
    endpoint: localEndpoint,
    model: null,
    cwd,
    approvals: null,
    turn: null,
    tokens: null,
    peers: [],
    queue: null,
    readOnly,
    connection: { state: 'opening', what: 'starting' },
  }
}

export const localEndpoint = 'private codex app-server (stdio)'

/** The last group of a thread id tells threads apart better than the first, which is a time. */
export function shortThreadId(threadId: string | null): string {
  return threadId === null ? '–' : `…${visibleLine(threadId.slice(-8))}`
}
