/** A shared thread, followed through the daemon for as long as it takes. */
import { randomUUID } from 'node:crypto'
import type { DaemonLink } from '../../client/daemon-link.ts'
import { followThread } from '../../client/following/follow-thread.ts'
import type { FollowEntry } from '../../client/following/inbox.ts'
import { type EventPage, readEvents } from '../../client/following/read-events.ts'
import { submitPrompt } from '../../client/submitting/submit-prompt.ts'
import { untilAborted } from '../../platform/time/until-aborted.ts'
import { asShareError, ShareError } from '../../protocol/errors.ts'
import type { ShareEvent } from '../../protocol/events.ts'
import type { ActiveTurn } from '../../protocol/methods.ts'
import type { RunningTurn } from '../state/session.ts'
import type { UiStore } from '../state/store.ts'
import { Presence } from './presence.ts'
import type { ThreadSession } from './thread-session.ts'
import { untilIdle } from './until-idle.ts'

interface SharedSessionOptions {
  readonly store: UiStore
  readonly link: DaemonLink
  readonly threadId: string
  /** Id of the event that is on the screen last. */
  readonly after: number
}

/** Begins to follow at once; what happens is reported to the store. */
export function openSharedSession(options: SharedSessionOptions): ThreadSession {
  const { store, link, threadId } = options
  const stopping = new AbortController()
  const following = follow(options, stopping.signal)
  return {
    mode: 'SHARED',
    threadId,
    isStored: true,
    hindrance: null, // The daemon says so when a prompt is sent.
    submit: async ({ text, requestId, ifTurnRuns, signal }) => {
      const ifBusy = ifTurnRuns === 'refuse' ? 'reject' : ifTurnRuns
      const either = signal ? AbortSignal.any([signal, stopping.signal]) : stopping.signal
      await submitPrompt({
        link,
        threadId,
        prompt: text,
        requestId,
        ifBusy,
        notice: () => {},
        // The thread is followed already, and a connection follows a thread once.
        untilFree: (waiting) => untilIdle(store, waiting),
        signal: either,
      })
    },
    interrupt: async () => {
      const turnId = store.state.session.turn?.turnId
      const client = await link.client()
      if (turnId) await client.forward('turn/interrupt', { threadId, turnId })
    },
    answer: async (id, result) => {
      const client = await link.client()
      await client.call('share/answer', { threadId, approvalId: String(id), result })
    },
    readHistory: (signal) => readHistory(options, signal),
    close: async () => {
      stopping.abort(new ShareError('cancelled', 'the thread was left'))
      await following
    },
  }
}

const pageEvents = 1000

async function* readHistory({ link, threadId }: SharedSessionOptions, signal: AbortSignal) {
  const client = await untilAborted(link.client(), signal)
  for (let after: number | null = 0; after !== null; ) {
    const page: EventPage = await readEvents({ client, threadId, after, limit: pageEvents, signal })
    yield page.events
    after = page.next
  }
}

async function follow({ store, link, threadId, after }: SharedSessionOptions, signal: AbortSignal): Promise<void> {
  const presence = new Presence(store, threadId, signal)
  try {
    for await (const entries of followThread({ link, threadId, after, signal })) {
      if (signal.aborted) return
      dispatchEntries(entries, { store, link, presence })
    }
  } catch (error) {
    if (signal.aborted) return
    const { message, hint } = asShareError(error)
    const text = `✖ ${message}. ${hint}`
    store.dispatch({ type: 'session', session: { connection: { state: 'failed', reason: message } } })
    store.dispatch({ type: 'say', blocks: [{ kind: 'notice', look: 'bad', text }] })
  } finally {
    presence.end()
  }
}

interface DispatchTargets {
  readonly store: UiStore
  readonly link: DaemonLink
  readonly presence: Presence
}

function dispatchEntries(entries: readonly FollowEntry[], { store, link, presence }: DispatchTargets): void {
  const events: ShareEvent[] = []
  for (const entry of entries) {
    switch (entry.kind) {
      case 'event':
        presence.onEvent(entry.parse())
        events.push(entry.parse())
        break
      case 'attached':
        store.dispatch({ type: 'session', session: { connection: { state: 'open' }, ...turnNow(entry.turn, store) } })
        presence.attach(link).catch(() => {}) // Lost again at once: the next attachment asks again.
        break
      case 'gap': {
        const text = `… events ${entry.gap.from} to ${entry.gap.to} are no longer kept (${entry.gap.reason})`
        store.queue(events.splice(0))
        store.dispatch({ type: 'say', blocks: [{ kind: 'notice', look: 'caution', text }] })
        break
      }
      case 'caughtUp':
        break
      case 'ledger': {
        const [look, text] =
          entry.problem === null
            ? (['quiet', 'The ledger can be written again.'] as const)
            : (['bad', `! ${entry.problem}. Events wait in the daemon until it can.`] as const)
        store.dispatch({ type: 'say', blocks: [{ kind: 'notice', look, text }] })
        break
      }
      case 'closed': {
        store.queue(events.splice(0))
        const reason = 'sharing of this thread was ended'
        const text = `! ${reason}. /share → Stop sharing goes on privately; Start sharing opens it again.`
        store.dispatch({ type: 'session', session: { connection: { state: 'failed', reason }, turn: null } })
        store.dispatch({ type: 'say', blocks: [{ kind: 'notice', look: 'caution', text }] })
        break
      }
      default:
        entry satisfies never
    }
  }
  store.queue(events)
}

/** A daemon that has just started does not know yet what runs; the end of a turn that we know of will come as an event. */
function turnNow(turn: ActiveTurn | null, { state }: UiStore): { readonly turn?: RunningTurn | null } {
  return turn === null && state.session.turn?.turnId ? {} : { turn: runningTurn(turn) }
}

function runningTurn(turn: ActiveTurn | null): RunningTurn | null {
  return turn && { turnId: turn.turnId, startedAtMs: Date.parse(turn.startedAt), by: turn.by?.label ?? null }
}

/** A new request id for a prompt. */
export function newRequestId(): string {
  return `ui-${randomUUID()}`
}
