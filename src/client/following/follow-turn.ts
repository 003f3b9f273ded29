/** Follows one turn to its end, or until it has begun. */
import { type AwakeTimeout, awakeTimeout } from '../../platform/time/awake-clock.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { ShareEvent } from '../../protocol/events.ts'
import { memberOf } from '../../protocol/json/read-json.ts'
import { forgottenMethod } from '../../protocol/own-events.ts'
import type { DaemonLink } from '../daemon-link.ts'
import { followThread } from './follow-thread.ts'
import type { FollowEntry } from './inbox.ts'

export interface FollowTurnOptions {
  readonly link: DaemonLink
  readonly threadId: string
  readonly turnId: string
  /** Id of the event before the turn's first. */
  readonly after: number
  readonly until: 'begun' | 'ended'
  /** Gets what comes, up to the turn's end; the next is read when this is done. */
  readonly onEntries?: (entries: readonly FollowEntry[]) => Promise<void>
  /** Its reason is thrown when it fires. */
  readonly signal?: AbortSignal | undefined
  /** How long to wait, in milliseconds, for a daemon that can record nothing; 10 s by default. */
  readonly unrecordedMs?: number
}

export interface TurnOutcome {
  /** Codex's word: `completed`, `failed`, `interrupted`; `inProgress` when it was followed only until it had begun. */
  readonly status: string
  /** Why it failed, where Codex says. */
  readonly reason: string | null
  /** It failed because the model provider did not let Codex in. */
  readonly isUnauthorized?: true
}

/** An end that is not in the ledger by the time its head is reached is not going to come. */
const endMissingMs = 2000

/**
 * @throws ShareError `connectionLost` when the connection does not come back; `notFound` when the turn's end is no longer kept
 */
export async function followTurn(options: FollowTurnOptions): Promise<TurnOutcome> {
  const { link, threadId, turnId, after, signal, unrecordedMs = 10_000 } = options
  const missing = new Deadline(endMissingMs, () => endIsMissing(threadId, turnId))
  const unrecorded = new Deadline(unrecordedMs, () => isNotRecorded(turn))
  const ends = [missing.signal, unrecorded.signal]
  const either = AbortSignal.any(signal ? [signal, ...ends] : ends)
  const turn = new TurnProgress(turnId)
  try {
    for await (const entries of followThread({ link, threadId, after, signal: either })) {
      const until = turn.take(entries)
      await options.onEntries?.(entries.slice(0, until))
      if (turn.outcome) return turn.outcome
      if (options.until === 'begun' && turn.begun && turn.caughtUp) return { status: 'inProgress', reason: null }
      missing.runWhile(turn.caughtUp && !turn.running && turn.problem === null)
      unrecorded.runWhile(turn.problem !== null)
    }
    throw new ShareError('notFound', `thread ${threadId} is no longer shared; its turn ${turnId} goes on in Codex`)
  } finally {
    missing.clear()
    unrecorded.clear()
  }
}

/** Fires its signal when a state has lasted for some time. */
class Deadline {
  private readonly abort = new AbortController()
  private readonly ms: number
  private readonly reason: () => Error
  private timer: AwakeTimeout | undefined

  constructor(ms: number, reason: () => Error) {
    this.ms = ms
    this.reason = reason
  }

  get signal(): AbortSignal {
    return this.abort.signal
  }

  runWhile(state: boolean): void {
    if (!state) this.clear()
    else this.timer ??= awakeTimeout(() => this.abort.abort(this.reason()), this.ms)
  }

  clear(): void {
    this.timer?.clear()
    this.timer = undefined
  }
}

/** What is known of one turn, from what a thread brings. */
class TurnProgress {
  begun = false
  running = true
  caughtUp = false
  /** Why the daemon can record nothing at present. */
  problem: string | null = null
  outcome: TurnOutcome | undefined
  readonly turnId: string

  constructor(turnId: string) {
    this.turnId = turnId
  }

  /** Returns how many of the entries belong to the time of the turn. */
  take(entries: readonly FollowEntry[]): number {
    for (const [index, entry] of entries.entries()) {
      if (entry.kind === 'attached') {
        this.running = entry.turn !== null
        this.caughtUp = false
        this.problem = null
      } else if (entry.kind === 'ledger') this.problem = entry.problem
      else if (entry.kind === 'caughtUp') this.caughtUp = true
      else if (entry.kind === 'event') this.see(entry.parse())
      if (this.outcome) return index + 1
    }
    return entries.length
  }

  private see(event: ShareEvent): void {
    if (event.turnId !== this.turnId) return
    this.begun = true
    // A daemon that has just started does not know yet what runs; what comes behind the head runs.
    if (this.caughtUp) this.running = true
    if (event.method === 'turn/completed') this.outcome = outcomeOf(event) ?? this.outcome
    // Its end was forgotten, but for how it ended.
    if (event.method === forgottenMethod && typeof event.params.status === 'string')
      this.outcome = { status: event.params.status, reason: null }
  }
}

/** Undefined where it does not say how the turn ended, in a form that is known here: the daemon finds that out. */
function outcomeOf({ params }: ShareEvent): TurnOutcome | undefined {
  const turn = memberOf(params, 'turn')
  const status = memberOf(turn, 'status')
  if (typeof status !== 'string') return undefined
  const error = memberOf(turn, 'error')
  const reason = memberOf(error, 'message')
  return {
    status,
    reason: typeof reason === 'string' ? reason : null,
    ...(isUnauthorized(memberOf(error, 'codexErrorInfo')) && { isUnauthorized: true }),
  }
}

/** Codex's word for it, or the HTTP status that it passes on under the kind of failure. */
function isUnauthorized(info: unknown): boolean {
  if (typeof info !== 'object' || info === null) return info === 'unauthorized'
  return Object.values(info).some((details) => memberOf(details, 'httpStatusCode') === 401)
}

function isNotRecorded({ turnId, problem }: TurnProgress): ShareError {
  return new ShareError('connectionLost', `what becomes of turn ${turnId} is not known: ${problem}`)
}

function endIsMissing(threadId: string, turnId: string): ShareError {
  return new ShareError('notFound', `turn ${turnId} of thread ${threadId} is over, and its end is no longer kept`, {
    hint: `Read what there is with \`codex-share get --thread ${threadId}\`.`,
  })
}
