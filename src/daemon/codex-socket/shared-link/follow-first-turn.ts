/** Follows a thread that a stock client started, as soon as Codex has stored it: with the first item of its first turn. */
import { setTimeout as delay } from 'node:timers/promises'
import type { ClientThread } from '../client-threads.ts'
import type { StockSession } from '../stock-session.ts'

type Session = Pick<StockSession, 'core'>

/** Called for each sign of the turn until it worked; the thread's history tells what happened before. */
export function followFirstTurn({ core }: Session, thread: ClientThread): Promise<unknown> | undefined {
  const { directory, log } = core
  if (!directory.isShared(thread.threadId)) return undefined
  // Said before it is tried, so that the next sign does not try the same at once.
  thread.isUnstored = false
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
    await delay(lookAgainMs, undefined, { ref: false })
  }
}
