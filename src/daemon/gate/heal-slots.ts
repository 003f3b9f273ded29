/** Frees a slot that is held although Codex runs nothing in the thread: the end of its turn was not heard, or named another. */
import type { AppServerLink } from '../../codex/link/app-server-link.ts'
import { UpstreamError } from '../../codex/link/upstream-error.ts'
import { threadTrouble } from '../../codex/link/upstream-quirks.ts'
import { turnsSince } from '../../codex/threads/thread-history.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Logger } from '../../platform/logging/log.ts'
import { awakeMs, awakeTimeout } from '../../platform/time/awake-clock.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { CodexGateway } from '../codex-link/codex-gateway.ts'
import type { Recorder } from '../publishing/recorder.ts'
import type { TurnSlots } from '../slots/turn-slots.ts'
import type { NotificationRecorder } from '../threads/notification-recorder.ts'
import { endOfLostTurn } from '../threads/reconcile.ts'
import type { ThreadSync } from '../threads/thread-sync.ts'

export interface HealSlotsDeps {
  readonly ledger: Pick<Ledger, 'threads' | 'turns'>
  readonly recorder: Recorder
  readonly notifications: NotificationRecorder
  readonly slots: TurnSlots
  readonly threadSync: ThreadSync
  readonly gateway: Pick<CodexGateway, 'current'>
  readonly log: Pick<Logger, 'warn'>
  /** Milliseconds that Codex has to answer a request for a turn. */
  readonly timeoutMs: number
  /** Milliseconds from the status to the look at what is still held. */
  readonly graceMs?: number
}

/** Who holds a slot. */
interface Holder {
  readonly threadId: string
  /** Null for a reservation. */
  readonly turnId: string | null
  readonly requestId: string | null
}

const leastBetweenLooksMs = 60_000

export class HealSlots {
  private readonly deps: HealSlotsDeps
  private readonly timer: NodeJS.Timeout
  private readonly looking = new Set<string>()
  /** Who holds a slot, and when that was first seen. */
  private seen: ReadonlyMap<string, number> = new Map()
  private closed = false

  constructor(deps: HealSlotsDeps) {
    this.deps = deps
    const everyMs = Math.max(leastBetweenLooksMs, deps.timeoutMs + 1000)
    this.timer = setInterval(() => this.lookAtOld(), everyMs).unref()
  }

  close(): void {
    this.closed = true
    clearInterval(this.timer)
  }

  /** Codex says that the thread is idle. It does so right before each `turn/completed`: what is held a moment later is looked into. */
  noteIdle(threadId: string): void {
    const held = this.holder(threadId)
    if (held?.turnId) awakeTimeout(() => void this.look(held), this.deps.graceMs ?? 2000).unref()
  }

  /**
   * Of a thread that nobody follows no end is heard, nor of a request that is never answered. What is held since a look so long ago is
   * older than any such request may be. `nowMs` is asked only where something is held.
   */
  lookAtOld(nowMs = awakeMs): void {
    const holders = this.deps.slots.list().flatMap(({ threadId }) => this.holder(threadId) ?? [])
    const now = holders.length > 0 ? nowMs() : 0
    const seenAt = (held: Holder) => this.seen.get(keyOf(held)) ?? now
    this.seen = new Map(holders.map((held) => [keyOf(held), seenAt(held)]))
    for (const held of holders) if (now - seenAt(held) >= this.deps.timeoutMs) void this.look(held)
  }

  private async look(held: Holder): Promise<void> {
    const { gateway, log } = this.deps
    const { current: link } = gateway
    // Where there is no link, the next one is caught up on.
    if (!link || this.closed || this.looking.has(held.threadId) || !this.holds(held)) return
    this.looking.add(held.threadId)
    try {
      await this.heal(held, link)
    } catch (error) {
      log.warn({ err: error, ...held }, 'a slot could not be looked into')
    } finally {
      this.looking.delete(held.threadId)
    }
  }

  private async heal(held: Holder, link: AppServerLink): Promise<void> {
    const { ledger, threadSync, log } = this.deps
    const { threadId } = held
    const isOver = async () => !(await isActive(link, threadId)) && !this.closed && this.holds(held)
    if (!(await isOver())) return
    log.warn(held, 'the thread is busy here and idle in Codex: catching up with it')
    // Catching up would share it again where its sharing was stopped.
    if (isShared(ledger, threadId))
      await threadSync.reattach(threadId, link).catch((error: unknown) => {
        if (!(error instanceof UpstreamError) && !isUnreadable(error)) throw error
      })
    if ((await isOver()) && !(await storedAsRunning(link, held))) this.free(held)
  }

  private free({ threadId, turnId, requestId }: Holder): void {
    const { ledger, recorder, notifications, slots } = this.deps
    if (turnId === null) {
      if (requestId !== null) slots.release(threadId, requestId)
      return
    }
    // What waits to be written is known as well.
    recorder.flush()
    const turn = isShared(ledger, threadId) ? ledger.turns.get(threadId, turnId) : { status: 'unknown' }
    if (turn && turn.status !== 'inProgress') slots.onTurnEnded(threadId, turnId)
    else
      for (const event of endOfLostTurn({ threadId, turnId, isStarted: turn !== undefined, message: lost }))
        notifications.record(threadId, event)
  }

  private holder(threadId: string): Holder | undefined {
    const { slots } = this.deps
    const active = slots.active(threadId)
    return active ? { threadId, turnId: active.turnId, requestId: slots.reservationIn(threadId) } : undefined
  }

  private holds(held: Holder): boolean {
    const now = this.holder(held.threadId)
    return now !== undefined && keyOf(now) === keyOf(held)
  }
}

const lost = 'Codex no longer runs this turn, and has not said how it ended.'

function keyOf({ threadId, turnId, requestId }: Holder): string {
  return `${threadId} ${turnId ?? requestId}`
}

function isShared({ threads }: HealSlotsDeps['ledger'], threadId: string): boolean {
  return threads.get(threadId)?.closedMs === null
}

/** Whether something runs in the thread; also where Codex does not say. */
async function isActive(link: AppServerLink, threadId: string): Promise<boolean> {
  try {
    const { thread } = await link.request('thread/read', { threadId, includeTurns: false })
    return thread.status === undefined || thread.status.type === 'active'
  } catch (error) {
    if (threadTrouble(error)?.kind === 'unknown') return false
    throw error
  }
}

/** A stored turn that is in progress still runs; the status of the thread alone says `systemError` also while Codex tries again. */
async function storedAsRunning(link: AppServerLink, { threadId, turnId }: Holder): Promise<boolean> {
  try {
    const [newest] = await turnsSince(link, threadId, () => true)
    return newest?.status === 'inProgress' && [newest.id, newest.runsAs, null].includes(turnId)
  } catch (error) {
    if (threadTrouble(error)?.kind === 'unknown' || isUnreadable(error)) return false
    throw error
  }
}

/** What a newer Codex has stored in a form that is not known here. */
function isUnreadable(error: unknown): boolean {
  return error instanceof ShareError && error.errorName === 'unexpected'
}
