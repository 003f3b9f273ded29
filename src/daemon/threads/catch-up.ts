/** Brings the ledger up to date with a thread that is being attached: opens it in Codex, and records what Codex has stored of it. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Thread } from '../../codex/decoding/upstream-types.ts'
import type { AppServerLink } from '../../codex/link/app-server-link.ts'
import { threadTrouble } from '../../codex/link/upstream-quirks.ts'
import type { RootTurn } from '../../codex/threads/root-turns.ts'
import { isSubAgent } from '../../codex/threads/sub-agents.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { PrivateThreads } from '../adoption/private-threads.ts'
import type { Recorder } from '../publishing/recorder.ts'
import type { TurnSlots } from '../slots/turn-slots.ts'
import type { ThreadSettingsStore } from '../thread-settings/thread-settings.ts'
import type { Attachment, Attachments } from './attachments.ts'
import type { MissedItems } from './missed-items.ts'
import type { NotificationRecorder } from './notification-recorder.ts'
import { hasNoEnd } from './reconcile.ts'
import type { StoredTurns } from './stored-turns.ts'
import { factsOf } from './thread-facts.ts'

/** Codex's own queue of a thread, which it would drain when the thread is opened. */
interface QueueOfCodex {
  /** Takes over what waits there, then opens the thread. */
  whileOpening<T>(threadId: string, link: AppServerLink, resume: () => Promise<T>): Promise<T>
  onOpened(threadId: string): void
}

export interface CatchUpDeps {
  readonly ledger: Ledger
  readonly recorder: Recorder
  readonly slots: TurnSlots
  readonly missedItems: MissedItems
  readonly notifications: NotificationRecorder
  readonly threadSettings: ThreadSettingsStore
  readonly stored: StoredTurns
  readonly codexQueue: QueueOfCodex
  readonly privateThreads: Pick<PrivateThreads, 'whileOpening' | 'turnIn'>
}

/** Codex stores a turn that it is about to run a moment before it says that the thread is active: so often it is asked, and that far apart. */
const [looks, betweenLooksMs] = [5, 50]

export class CatchUp {
  private readonly deps: CatchUpDeps
  private readonly attachments: Attachments

  constructor(deps: CatchUpDeps, attachments: Attachments) {
    this.deps = deps
    this.attachments = attachments
  }

  /** @throws ShareError `connectionLost` where another attachment took the place of this one: all from then on is that one's to record */
  run(threadId: string, link: AppServerLink, attachment: Attachment): Promise<Thread> {
    return this.deps.privateThreads.whileOpening(threadId, () => this.open(threadId, link, attachment))
  }

  private async open(threadId: string, link: AppServerLink, attachment: Attachment): Promise<Thread> {
    const { recorder, notifications, missedItems, threadSettings, codexQueue, stored } = this.deps
    // Read before Codex is asked: what it takes from here on is not lost.
    const unfinished = stored.unfinishedTurns(threadId)
    const resumed = await codexQueue
      .whileOpening(threadId, link, () => link.request('thread/resume', { threadId, excludeTurns: true }))
      .catch(async (error: unknown) => {
        if (threadTrouble(error)?.kind === 'unknown')
          await this.closeLostTurns(threadId, unfinished, 'Codex no longer has this thread.', attachment)
        throw error
      })
    const { thread } = resumed
    const isIdle = thread.status?.type === 'idle'
    const isHistory = await this.openInLedger(thread, threadId, attachment)
    const settings = threadSettings.onAnswer(threadId, resumed)
    if (isSubAgent(thread)) this.attachments.noteSubAgent(threadId, attachment)
    const turns = await this.withBegun(threadId, await stored.read(thread, link), link)
    this.requireCurrent(threadId, attachment)
    this.holdPrivateTurn(threadId, turns)
    if (!attachment.early?.some(({ effect }) => effect.kind === 'threadReverted')) stored.takeRevert(threadId, turns)
    stored.take(threadId, turns, isHistory)
    if (isIdle) await this.closeLostTurns(threadId, unfinished, neverStored, attachment)
    await recorder.untilWritten()
    this.requireCurrent(threadId, attachment)
    const running = runningOf(turns)
    if (running) missedItems.onCaughtUp(threadId, running.id)
    notifications.recordSettings(threadId, settings, Date.now())
    this.attachments.goLive(
      threadId,
      attachment,
      turns.map(({ id }) => id),
    )
    recorder.flush()
    if (isIdle) notifications.onThreadIdle(threadId)
    if (running) this.holdSlot(threadId, running)
    codexQueue.onOpened(threadId)
    return thread
  }

  private requireCurrent(threadId: string, attachment: Attachment): void {
    if (!this.attachments.isCurrent(threadId, attachment)) throw supersededError(threadId)
  }

  /** Returns whether the thread is new to the ledger. */
  private async openInLedger(thread: Thread, threadId: string, attachment: Attachment): Promise<boolean> {
    const { ledger, recorder } = this.deps
    const isNew = !ledger.threads.has(threadId)
    await recorder.persist(() => {
      // It may be let go by now, as its sharing was stopped or it was forgotten: this would undo that.
      this.requireCurrent(threadId, attachment)
      ledger.threads.open(threadId, factsOf(thread))
    })
    return isNew
  }

  /** The stored turns, the last as running where it has begun while they were read: by a stock UI, in the user's Codex server. */
  private async withBegun(threadId: string, turns: RootTurn[], link: AppServerLink): Promise<RootTurn[]> {
    const last = turns.at(-1)
    // One that was heard to start is listed as running as long as it does.
    if (!last || !hasNoEnd(last) || this.deps.stored.knows(threadId, last.id).started) return turns
    for (let look = 0; look < looks; look += 1) {
      if (look > 0) await delay(betweenLooksMs)
      const { thread } = await link.request('thread/read', { threadId, includeTurns: false })
      const isBegun = thread.status.type === 'active' || this.attachments.heardEarly(threadId).has(last.id)
      if (isBegun) return turns.with(-1, { ...last, status: 'inProgress' })
    }
    return turns
  }

  /** Codex runs nothing in the thread: of these turns, those that are still unfinished will never end by themselves. */
  private async closeLostTurns(
    threadId: string,
    turnIds: ReadonlySet<string>,
    message: string,
    attachment: Attachment,
  ): Promise<void> {
    const { recorder, stored } = this.deps
    if (turnIds.size === 0) return
    await recorder.untilWritten()
    if (!this.attachments.isCurrent(threadId, attachment)) return
    const heard = this.attachments.heardEarly(threadId)
    stored.endLost(threadId, new Set([...turnIds].filter((id) => !heard.has(id))), message)
  }

  /** A turn that was begun past the gate may not be stored yet. Said before it is recorded, so that its author is. */
  private holdPrivateTurn(threadId: string, turns: readonly RootTurn[]): void {
    const { privateThreads, slots, stored } = this.deps
    const turn = privateThreads.turnIn(threadId)
    if (!turn || stored.knows(threadId, turn.turnId).ended) return
    const known = turns.find(({ id }) => id === turn.turnId)
    if (known && known.status !== 'inProgress') return
    slots.onTurnStarted(threadId, turn.turnId, known?.startedAt ? known.startedAt * 1000 : Date.now(), turn.by)
  }

  private holdSlot(threadId: string, { id, startedAt }: RootTurn): void {
    const { ledger, slots, stored } = this.deps
    if (stored.knows(threadId, id).ended) return
    slots.onTurnStarted(threadId, id, (startedAt ?? 0) * 1000, ledger.turns.get(threadId, id)?.by)
  }
}

const neverStored = 'The Codex app-server ended before it stored this turn.'

function runningOf(turns: readonly RootTurn[]): RootTurn | undefined {
  const last = turns.at(-1)
  return last?.status === 'inProgress' ? last : undefined
}

/** It can be asked for again, and is then what came instead. */
function supersededError(threadId: string): ShareError {
  return new ShareError('connectionLost', `catching up with thread ${threadId} was started again`, {
    facts: { threadId, sent: false },
  })
}
