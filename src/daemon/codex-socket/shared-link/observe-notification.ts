/** Takes note of what a stock client is sent: which turn runs, which question is over, that a new thread is stored. */

import type { NotificationEffect } from '../../../codex/decoding/decode-notification.ts'
import { awakeDelay } from '../../../platform/time/awake-clock.ts'
import type { ClientQuestions } from '../client-questions.ts'
import type { ClientThread } from '../client-threads.ts'
import { type NotificationFrame, notificationIn } from '../frames/peek-frame.ts'
import type { StockSession } from '../stock-session.ts'

export interface Noticing extends Pick<StockSession, 'core' | 'threads'> {
  readonly questions: ClientQuestions
}

/** Takes note of a notification on its way to the client; only those that matter are parsed. */
export function observeNotification(client: Noticing, { method, effectKind }: NotificationFrame, data: Buffer): void {
  const { threads, questions } = client
  if (!noticed.has(effectKind)) return
  if (effectKind === 'itemCompleted' && !threads.list().some(({ isUnstored }) => isUnstored)) return
  const { threadId, effect } = notificationIn(method, data)
  const thread = threads.get(threadId)
  if (threadId !== null) noteTurn(client, threadId, effect)
  if (effect.kind === 'questionResolved') questions.onResolved(effect.requestId)
  else if (!thread) return
  else if (effect.kind === 'turnStarted') thread.turnId = effect.runsAs
  else if (effect.kind === 'turnEnded') {
    thread.turnId = null
    if (thread.isUnstored) void followFirstTurn(client, thread)
  } else if (effect.kind === 'itemCompleted' && thread.isUnstored && !thread.isHelper)
    void followFirstTurn(client, thread)
}

function noteTurn({ core }: Noticing, threadId: string, effect: NotificationEffect): void {
  if (effect.kind === 'turnStarted') core.privateThreads.onTurnStarted(threadId, effect.turnId)
  else if (effect.kind === 'turnEnded') core.privateThreads.onTurnEnded(threadId, effect.turnId)
}

const noticed: ReadonlySet<string> = new Set<NotificationFrame['effectKind']>([
  'questionResolved',
  'turnStarted',
  'turnEnded',
  'itemCompleted',
])

type Session = Pick<StockSession, 'core'>

/**
 * Follows a thread that a stock client started, as soon as Codex has stored it: with the first item of its first turn. Called for each sign of the turn until it worked; the thread's history has what happened before.
 */
export function followFirstTurn({ core }: Session, thread: ClientThread): Promise<unknown> | undefined {
  const { directory, log } = core
  // Said before it is tried, so that the next sign does not try the same at once.
  thread.isUnstored = false
  if (!directory.isShared(thread.threadId)) return undefined
  return directory.follow(thread.threadId).catch((error: unknown) => {
    thread.isUnstored = true
    log.debug({ err: error, threadId: thread.threadId }, 'a new thread is not stored yet')
  })
}

const lookAgainMs = 200

/** Where the client has left in the middle of such a turn: nobody else sees the signs of it, and its end would not be heard. */
export async function followWithoutClient(session: Session, threads: readonly ClientThread[]): Promise<void> {
  const isRunning = (thread: ClientThread) => thread.isUnstored && session.core.slots.active(thread.threadId) !== null
  for (let left = threads.filter(isRunning); left.length > 0; left = left.filter(isRunning)) {
    for (const thread of left) await followFirstTurn(session, thread)
    await awakeDelay(lookAgainMs, { ref: false })
  }
}
