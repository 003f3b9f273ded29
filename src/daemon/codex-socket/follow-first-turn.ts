/** Follows a thread that a stock client started, as soon as Codex has stored it: with the first item of its first turn. */
import type { ClientThread } from './client-threads.ts'
import type { StockSession } from './stock-session.ts'

/** Called for each sign of the turn until it worked; the thread's history tells what happened before. */
export function followFirstTurn({ core }: Pick<StockSession, 'core'>, thread: ClientThread): void {
  const { finder, log } = core
  if (!finder.isShared(thread.threadId)) return
  // Said before it is tried, so that the next sign does not try the same at once.
  thread.isUnstored = false
  finder.follow(thread.threadId).catch((error: unknown) => {
    thread.isUnstored = true
    log.debug({ err: error, threadId: thread.threadId }, 'a new thread is not stored yet')
  })
}
