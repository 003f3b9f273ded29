/** Follows one turn to its end, or until it has begun. */
import { ShareError } from '../protocol/errors.ts'
import type { Gap, ShareEvent } from '../protocol/events.ts'
import type { DaemonLink } from './daemon-link.ts'
import { followThread } from './follow-thread.ts'

export interface FollowTurnOptions {
  readonly link: DaemonLink
  readonly threadId: string
  readonly turnId: string
  /** Id of the event before the turn's first. */
  readonly after: number
  readonly until: 'begun' | 'ended'
  readonly onEvent?: (event: ShareEvent) => void
  readonly onGap?: (gap: Gap) => void
  /** Its reason is thrown when it fires. */
  readonly signal?: AbortSignal | undefined
}

export interface TurnOutcome {
  /** Codex's word: `completed`, `failed`, `interrupted`; `inProgress` when it was followed only until it had begun. */
  readonly status: string
  /** Why it failed, where Codex says. */
  readonly reason: string | null
}

/** An end that is not in the ledger by the time its head is reached is not going to come. */
const endMissingMs = 5000

/**
 * @throws ShareError `connectionLost` when the connection does not come back; `notFound` when the turn's end is no longer kept
 */
export async function followTurn(options: FollowTurnOptions): Promise<TurnOutcome> {
  const { link, threadId, turnId, after, until, signal } = options
  const missing = new AbortController()
  const either = signal ? AbortSignal.any([signal, missing.signal]) : missing.signal
  let timer: NodeJS.Timeout | undefined
  let [begun, running, caughtUp] = [false, true, false]
  try {
    for await (const entries of followThread({ link, threadId, after, signal: either })) {
      for (const entry of entries) {
        if (entry.kind === 'attached') running = entry.turn !== null
        else if (entry.kind === 'caughtUp') caughtUp = true
        else if (entry.kind === 'gap') options.onGap?.(entry.gap)
        else if (entry.kind === 'event') {
          const event = entry.frame.parse()
          options.onEvent?.(event)
          if (event.turnId === turnId) begun = true
          if (event.turnId === turnId && event.method === 'turn/completed') return outcomeOf(event)
        }
      }
      if (until === 'begun' && begun && caughtUp) return { status: 'inProgress', reason: null }
      if (caughtUp && !running) timer ??= setTimeout(() => missing.abort(endIsMissing(threadId, turnId)), endMissingMs)
    }
    throw new ShareError('notFound', `thread ${threadId} is no longer shared; its turn ${turnId} goes on in Codex`)
  } finally {
    clearTimeout(timer)
  }
}

function outcomeOf({ params }: ShareEvent): TurnOutcome {
  const turn = memberOf(params, 'turn')
  const status = memberOf(turn, 'status')
  const reason = memberOf(memberOf(turn, 'error'), 'message')
  return {
    status: typeof status === 'string' ? status : 'completed',
    reason: typeof reason === 'string' ? reason : null,
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function endIsMissing(threadId: string, turnId: string): ShareError {
  return new ShareError('notFound', `turn ${turnId} of thread ${threadId} is over, and its end is no longer kept`, {
    hint: `Read what there is with \`codex-share get --thread ${threadId}\`.`,
  })
}
