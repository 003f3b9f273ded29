/** Brings the ledger up to date with the turns that Codex has stored of a thread. */

import type { Thread } from '../../codex/decoding/upstream-types.ts'
import type { AppServerLink } from '../../codex/link/app-server-link.ts'
import type { RootTurn } from '../../codex/threads/root-turns.ts'
import { isSubAgent } from '../../codex/threads/sub-agents.ts'
import { turnsSince } from '../../codex/threads/thread-history.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Logger } from '../../platform/logging/log.ts'
import type { Recorder } from '../publishing/recorder.ts'
import type { NotificationRecorder } from './notification-recorder.ts'
import { endOfLostTurn, type KnownTurn, missingEvents, revertOf } from './reconcile.ts'

export interface StoredTurnsDeps {
  readonly ledger: Ledger
  readonly recorder: Recorder
  readonly notifications: NotificationRecorder
  readonly log: Logger
}

export class StoredTurns {
  private readonly deps: StoredTurnsDeps
  /** Threads that may have lost turns with the power of the machine. */
  private readonly doubtful: Set<string>

  constructor(deps: StoredTurnsDeps) {
    this.deps = deps
    const { crashed, threads } = deps.ledger
    this.doubtful = new Set(crashed ? threads.listOpen().map(({ threadId }) => threadId) : [])
  }

  /** Turns that Codex has of the thread, oldest first: those that the ledger does not know to have ended, and the one before. */
  async read(thread: Thread, link: AppServerLink): Promise<RootTurn[]> {
    await this.deps.recorder.untilWritten()
    const isKnown = (turn: RootTurn) => this.knows(thread.id, turn.id).ended
    return turnsSince(link, thread.id, isKnown, { ofSubAgent: isSubAgent(thread) })
  }

  /** Records what the ledger has not of these turns. */
  take(threadId: string, turns: readonly RootTurn[], isHistory = false): void {
    const { log, recorder, notifications } = this.deps
    // What waits to be written is known as well.
    recorder.flush()
    const missing = missingEvents({ threadId, turns, known: (turnId) => this.knows(threadId, turnId), isHistory })
    for (const event of missing) notifications.record(threadId, event)
    if (missing.length > 0) log.info({ threadId, events: missing.length }, 'caught up with Codex')
  }

  /** Records that Codex took the thread back to an earlier turn, where these turns show it and the ledger does not have it. */
  takeRevert(threadId: string, turns: readonly RootTurn[]): void {
    const { recorder, ledger, notifications } = this.deps
    recorder.flush()
    if (wasReverted(ledger, threadId, turns)) notifications.record(threadId, revertOf(threadId))
  }

  /** Brings turns back that the ledger has lost, of threads that nobody has asked for yet: those are not opened for it. */
  async takeLost(link: AppServerLink, isFollowed: (threadId: string) => boolean): Promise<void> {
    for (const threadId of this.doubtful) {
      try {
        const { thread } = await link.request('thread/read', { threadId, includeTurns: false })
        const turns = await this.read(thread, link)
        // One that did not end may run elsewhere by now: how it is with that shows when the thread is opened.
        const ended = turns.filter(({ completedAt }) => completedAt !== null)
        if (!isFollowed(threadId)) this.take(threadId, ended)
        this.doubtful.delete(threadId)
      } catch (error) {
        this.deps.log.warn({ err: error, threadId }, 'lost turns not looked for')
      }
    }
  }

  /** What the ledger has of a turn. */
  knows(threadId: string, turnId: string): KnownTurn {
    const { turns, events } = this.deps.ledger
    const turn = turns.get(threadId, turnId)
    if (!turn) return { started: false, ended: false, completedItems: new Set() }
    if (turn.status !== 'inProgress') return { started: true, ended: true, completedItems: new Set() }
    return { started: true, ended: false, completedItems: events.completedItems(threadId, turnId, turn.firstId) }
  }

  /** What the ledger believes to run, and what Codex took and has not passed on. */
  unfinishedTurns(threadId: string): ReadonlySet<string> {
    const { threads, turns } = this.deps.ledger
    if (!threads.has(threadId)) return new Set()
    const open = turns.open(threadId)
    return new Set([...(open ? [open.turnId] : []), ...turns.withUnrecorded(threadId)])
  }

  /** Of these turns, those that are still unfinished have failed, for this reason. */
  endLost(threadId: string, turnIds: ReadonlySet<string>, message: string): void {
    for (const turnId of this.unfinishedTurns(threadId)) {
      const { started, ended } = this.knows(threadId, turnId)
      if (ended || !turnIds.has(turnId)) continue
      const events = endOfLostTurn({ threadId, turnId, isStarted: started, message })
      for (const event of events) this.deps.notifications.record(threadId, event)
    }
  }
}

/** Whether Codex took a thread back to an earlier turn while nobody heard it. `turns` are the newest that Codex has, oldest first, from the newest one that the ledger knows to have ended. */
function wasReverted({ turns: known, events }: Ledger, threadId: string, turns: readonly RootTurn[]): boolean {
  // Codex may never have stored one that did not end well.
  const last = known.lastCompleted(threadId)
  if (!last || turns.some(({ id }) => id === last.turnId)) return false
  const [oldest] = turns
  const common = oldest && known.get(threadId, oldest.id)
  const isBehind = common !== undefined && common.firstId > last.firstId
  return !isBehind && !events.isReverted(threadId, last.firstId)
}
