/**
 * What the app-server means by an error about a thread, or about its settings. It answers all of them with -32600, so this is the one
 * file that looks at message text; it was checked word by word against Codex 0.169, the settings against 0.171.
 */
import { ShareError } from '../../protocol/errors.ts'
import { UpstreamError } from './upstream-error.ts'

/**
 * - `malformed`: the id is not an id at all.
 * - `unknown`: no such thread is stored.
 * - `notLoaded`: this server process does not have the thread open. From methods that act (`turn/start`, `turn/interrupt`) it is
 *   said alike of a stored thread that was not resumed and of one that never was: `thread/resume` tells the two apart.
 * - `notMaterialized`: the thread was started, but nothing was said in it and it has no name, so it is not stored yet.
 * - `archived`: it was put away, and cannot be opened before it is brought back.
 * - `activeWriter`: another app-server process has the thread open.
 */
export type ThreadTroubleKind = 'malformed' | 'unknown' | 'notLoaded' | 'notMaterialized' | 'archived' | 'activeWriter'

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
  // thread/resume since 0.171; before, it was `unknown`.
  ['archived', /^session \S+ is archived\b/],
  ['activeWriter', /\balready has an active writer\b/],
]

/** What an error says about the thread it was asked about; undefined when it is about something else, or not the app-server's. */
export function threadTrouble(error: unknown): ThreadTrouble | undefined {
  if (!(error instanceof UpstreamError) || error.code !== invalidRequest) return undefined
  const found = tellTales.find(([, pattern]) => pattern.test(error.message))
  return found && { kind: found[0], message: error.message }
}

/** An app-server that was told to end while a turn runs: it takes nothing new, and ends with the last turn. Nothing was submitted. */
export function isDraining(error: unknown): boolean {
  return error instanceof UpstreamError && error.code === invalidRequest && /^Server is draining\b/.test(error.message)
}

/** thread/start, thread/fork, and thread/resume of a thread that is not loaded: all that read the settings again. */
const loading = /^failed to load configuration: (.*)$/s
/** As in `/home/a/.codex/config.toml:23:9: extra …`; a mistake that is found after the parsing has no place. */
const placed = /^(\/.*?):(\d+):(\d+): (.*)$/s

/** The error of a Codex that cannot read its own settings, with file and line where it says them; undefined for any other. */
export function configError(error: unknown): ShareError | undefined {
  const reason = error instanceof UpstreamError ? loading.exec(error.message)?.[1] : undefined
  return reason === undefined ? undefined : unreadableConfig(reason, { cause: error })
}

/** From Codex's own words, which `codex` itself says as well. */
export function unreadableConfig(reason: string, { cause }: { readonly cause?: unknown } = {}): ShareError {
  const [, file, line, column, what = reason] = placed.exec(reason) ?? []
  const place = file === undefined ? '' : `${file}, line ${line}, column ${column}: `
  return new ShareError('unavailable', `Codex cannot read its settings: ${place}${what}`, {
    facts: { sent: false, ...(file !== undefined && { file, line: Number(line), column: Number(column) }) },
    hint: `Nothing was submitted. Correct ${file ?? 'config.toml in the CODEX_HOME folder'}, then try again.`,
    cause,
  })
}
