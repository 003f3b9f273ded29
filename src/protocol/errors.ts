/**
 * The one table of errors: name, JSON-RPC code, exit code and what the user can do. Decisions are made on names and codes, never on message
 * text.
 */

interface ErrorRow {
  readonly code: number
  readonly exit: number
  readonly hint: string
}

/**
 * Codes from -32000 down to -32099 are the range JSON-RPC 2.0 leaves to servers; -32001 for overload is Codex's own choice.
 * Exit codes are the command line's promise (see the README): scripts rely on them, so they never change meaning.
 */
export const errorTable = {
  unexpected: { code: -32603, exit: 1, hint: 'Look at `codex-share daemon logs`, and report what you see.' },
  parseError: { code: -32700, exit: 1, hint: 'Send one JSON object per line, in UTF-8.' },
  invalidRequest: { code: -32600, exit: 1, hint: 'Send a JSON-RPC 2.0 object; batches are not supported.' },
  methodNotFound: { code: -32601, exit: 1, hint: 'Update codex-share so that both sides know the method.' },
  usage: { code: -32602, exit: 2, hint: 'See --help for the arguments.' },
  overloaded: { code: -32001, exit: 5, hint: 'Wait a moment and try again.' },
  notInitialized: { code: -32002, exit: 1, hint: 'Send `initialize` first.' },
  busy: {
    code: -32010,
    exit: 3,
    hint: 'Wait for the turn to end (--if-busy wait), steer it (--if-busy steer), or end it with `codex-share interrupt`.',
  },
  notFound: { code: -32011, exit: 4, hint: 'List what is shared with `codex-share list`.' },
  unavailable: { code: -32012, exit: 5, hint: 'Look at `codex-share daemon status` and `codex-share daemon logs`.' },
  versionMismatch: { code: -32013, exit: 5, hint: 'Run `codex-share daemon restart` with the newer program.' },
  connectionLost: {
    code: -32014,
    exit: 6,
    hint: 'The outcome is not known. Repeat the command with the same --request-id: it never runs twice.',
  },
  turnFailed: { code: -32015, exit: 7, hint: 'Read the reason above; the thread is free for the next prompt.' },
  turnInterrupted: { code: -32016, exit: 8, hint: 'The thread is free for the next prompt.' },
  readOnly: { code: -32017, exit: 9, hint: 'Connect without --read-only.' },
  conflict: { code: -32018, exit: 9, hint: 'Use another --request-id for another prompt.' },
  denied: { code: -32019, exit: 9, hint: 'The daemon does not allow this here.' },
  timedOut: { code: -32020, exit: 10, hint: 'Try again with a longer --timeout.' },
  cancelled: { code: -32800, exit: 130, hint: '' },
} as const satisfies Record<string, ErrorRow>

export type ErrorName = keyof typeof errorTable

/** Facts that go with an error on the wire as `error.data`; `name` is always there and the rest depends on it. */
type ErrorFacts = Readonly<Record<string, unknown>>

interface ShareErrorOptions {
  readonly facts?: ErrorFacts
  readonly hint?: string
  readonly cause?: unknown
}

/** The program's one error class. `facts` travel as JSON; `hint` says what the user can do. */
export class ShareError extends Error {
  readonly errorName: ErrorName
  readonly facts: ErrorFacts
  readonly hint: string

  constructor(errorName: ErrorName, message: string, { facts = {}, hint, cause }: ShareErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ShareError'
    this.errorName = errorName
    this.facts = facts
    this.hint = hint ?? errorTable[errorName].hint
  }

  /** JSON-RPC code for the wire. */
  get code(): number {
    return errorTable[this.errorName].code
  }

  /** Process exit code for the command line. */
  get exitCode(): number {
    return errorTable[this.errorName].exit
  }
}

/** Whether it is the program's error under one of these names. */
export function isShareError(error: unknown, ...names: readonly [ErrorName, ...ErrorName[]]): error is ShareError {
  return error instanceof ShareError && names.includes(error.errorName)
}

/** The text of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function isErrorName(name: unknown): name is ErrorName {
  return typeof name === 'string' && Object.hasOwn(errorTable, name)
}

/** What an error is on the wire. */
export interface WireError {
  readonly code: number
  readonly message: string
  readonly data?: unknown
}

const nameByCode = new Map<number, ErrorName>(
  Object.entries(errorTable).map(([name, row]) => [row.code, name as ErrorName]),
)

/**
 * Turns any thrown value into the program's error; what is not ours becomes `unexpected` with the original as cause. The daemon is a
 * bundle of its own with its own copy of the class: an error from there is known by its members.
 */
export function asShareError(error: unknown): ShareError {
  if (error instanceof ShareError) return error
  if (error instanceof Error && error.name === 'ShareError' && 'errorName' in error && isErrorName(error.errorName)) {
    const hint = 'hint' in error && typeof error.hint === 'string' ? { hint: error.hint } : {}
    const facts = 'facts' in error && typeof error.facts === 'object' ? { ...error.facts } : {}
    return new ShareError(error.errorName, error.message, { ...hint, facts, cause: error })
  }
  return new ShareError('unexpected', messageOf(error), { cause: error })
}

/** The wire form of an error: facts, name and hint go into `data`. */
export function toWireError(error: ShareError): WireError {
  return { code: error.code, message: error.message, data: { ...error.facts, name: error.errorName, hint: error.hint } }
}

/** The codes of JSON-RPC itself are Codex's as well, and our advice on them is about our own wire. */
const isStandardCode = (code: number) => code <= -32600 && code >= -32700
const theirHint = 'These are Codex’s own words; `codex-share daemon logs` may say more.'

/**
 * The program's error for one that came over the wire; an unknown code (one of Codex's own) becomes `unexpected` and keeps it in
 * `facts.code`.
 */
export function fromWireError(wire: WireError): ShareError {
  const data = typeof wire.data === 'object' && wire.data !== null ? (wire.data as Record<string, unknown>) : {}
  const { name, hint, ...facts } = data
  const known = isErrorName(name) ? name : nameByCode.get(wire.code)
  // Ours say their name.
  const isTheirs = !isErrorName(name) && isStandardCode(wire.code)
  const options = typeof hint === 'string' ? { hint: indentFurtherLines(hint) } : isTheirs ? { hint: theirHint } : {}
  const message = indentFurtherLines(wire.message)
  if (known) return new ShareError(known, message, { ...options, facts })
  return new ShareError('unexpected', message, { ...options, facts: { ...facts, code: wire.code } })
}

/** The other side may quote labels, paths and Codex in it: no line of theirs is to pass for one of ours. */
function indentFurtherLines(text: string): string {
  return text.replaceAll('\n', '\n  ')
}
