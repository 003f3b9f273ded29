/** What a stock client is told, as far as the daemon goes by it: which turn runs, which question is over, that a new thread is stored. */
import type { ClientQuestions } from '../client-questions.ts'
import { type NotificationFrame, notificationIn } from '../frames/peek-frame.ts'
import type { StockSession } from '../stock-session.ts'
import { followFirstTurn } from './follow-first-turn.ts'

export interface Noticing extends Pick<StockSession, 'core' | 'threads'> {
  readonly questions: ClientQuestions
}

/** Takes note of a notification on its way to the client; only those that matter are parsed. */
export function observeNotification(client: Noticing, { method, tells }: NotificationFrame, data: Buffer): void {
  const { threads, questions } = client
  if (!noticed.has(tells)) return
  if (tells === 'itemCompleted' && !threads.list().some(({ isUnstored }) => isUnstored)) return
  const { threadId, effect } = notificationIn(method, data)
  const thread = threads.get(threadId)
  if (effect.kind === 'questionResolved') questions.resolved(effect.requestId)
  else if (!thread) return
  else if (effect.kind === 'turnStarted') thread.turnId = effect.runsAs
  else if (effect.kind === 'turnEnded') {
    thread.turnId = null
    if (thread.isUnstored) followFirstTurn(client, thread)
  } else if (effect.kind === 'itemCompleted' && thread.isUnstored && !thread.isHelper) followFirstTurn(client, thread)
}

const noticed: ReadonlySet<string> = new Set<NotificationFrame['tells']>([
  'questionResolved',
  'turnStarted',
  'turnEnded',
  'itemCompleted',
])
