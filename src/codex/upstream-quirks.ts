/**
 * What the app-server means by an error about a thread. It answers all of them with -32600, so this is the one file that looks at
 * message text; it was checked word by word against Codex 0.169.
 */
import { UpstreamError } from './upstream-error.ts'

/**
 * - `malformed`: the id is not an id at all.
 * - `unknown`: no such thread is stored.
 * - `notLoaded`: this server process does not have the thread open. From methods that act (`turn/start`, `turn/interrupt`) it is
 *   said alike of a stored thread that was not resumed and of one that never was: `thread/resume` tells the two apart.
 * - `notMaterialized`: the thread was started, but nothing was said in it and it has no name, so it is not stored yet.
 * - `activeWriter`: another app-server process has the thread open.
 */
export type ThreadTroubleKind = 'malformed' | 'unknown' | 'notLoaded' | 'notMaterialized' | 'activeWriter'

export interface ThreadTrouble {
  readonly kind: ThreadTroubleKind
  /** The app-server's own words. */
  readonly message: string
}

const invalidRequest = -32600

const tellTales: readonly (readonly [ThreadTroubleKind, RegExp])[] = [
  // thread/resume and thread/fork say "session", every other method "thread"; what follows is the UUID parser's complaint.
  ['malformed', /^invalid (?:session|thread) id\b/],
  // thread/resume, thread/fork, thread/name/set.
  ['unknown', /^no rollout found for thread id\b/],
  // thread/read and thread/turns/list, which read stored threads without loading them: so it is not stored either.
  ['unknown', /^thread not loaded:/],
  // turn/start, turn/interrupt.
  ['notLoaded', /^thread not found:/],
  // thread/turns/list before the first user message or name.
  ['notMaterialized', /\bis not materialized yet\b/],
  ['activeWriter', /\balready has an active writer\b/],
]

/** What an error says about the thread it was asked about; undefined when it is about something else, or not the app-server's. */
export function threadTrouble(error: unknown): ThreadTrouble | undefined {
  if (!(error instanceof UpstreamError) || error.code !== invalidRequest) return undefined
  const found = tellTales.find(([, pattern]) => pattern.test(error.message))
  return found && { kind: found[0], message: error.message }
}
