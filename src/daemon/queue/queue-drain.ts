/** Submits what waits in a thread's queue, one prompt at a time, through the same gate as everybody's. */
import type { Ledger } from '../../ledger/ledger.ts'
import type { QueuedRow } from '../../ledger/queue-store.ts'
import type { Logger } from '../../platform/logging/log.ts'
import { type AwakeTimeout, awakeTimeout } from '../../platform/time/awake-clock.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { Gate } from '../gate/gate.ts'
import { resultOf } from '../gate/outcome.ts'
import type { SubmittedTurn } from '../gate/send-prompt.ts'
import type { Submitter } from '../peers/submitter.ts'
import type { Recorder } from '../publishing/recorder.ts'
import type { TurnSlots } from '../slots/turn-slots.ts'
import type { ThreadDirectory } from '../threads/thread-directory.ts'
import { promptOf, type ThreadQueues } from './thread-queues.ts'

export interface QueueDrainDeps {
  readonly ledger: Ledger
  readonly recorder: Recorder
  readonly slots: TurnSlots
  readonly queues: ThreadQueues
  readonly directory: ThreadDirectory
  readonly gate: Gate
  readonly log: Logger
}

/** When it is tried again where Codex was not there, and where it refused: an archived thread may be brought back. */
const [soonMs, laterMs] = [5000, 60_000]

/** A queued prompt has no settings, so it does not matter what its author's process was. */
const identity = { kind: 'unknown', pid: null, reason: 'the prompt was queued' } as const

export class QueueDrain {
  private readonly deps: QueueDrainDeps
  private readonly working = new Set<string>()
  private readonly lookAgain = new Set<string>()
  private readonly retries = new Map<string, AwakeTimeout>()
  private readonly unlisten: () => void
  private closed = false

  constructor(deps: QueueDrainDeps) {
    this.deps = deps
    this.unlisten = deps.slots.onFreed(() => this.lookAtAll())
  }

  /** To be called when a turn may have become possible: Codex is there. */
  lookAtAll(): void {
    if (this.closed) return
    for (const threadId of this.deps.ledger.queue.threads()) this.look(threadId)
  }

  /** As `look`, also where the last try failed a moment ago. */
  lookNow(threadId: string): void {
    this.retries.get(threadId)?.clear()
    this.retries.delete(threadId)
    this.look(threadId)
  }

  /** Submits the next prompt of the thread, if it is free; where that failed, once it is time to try again. */
  look(threadId: string): void {
    if (this.closed || this.retries.has(threadId)) return
    if (this.working.has(threadId)) {
      this.lookAgain.add(threadId)
      return
    }
    this.working.add(threadId)
    this.submitNext(threadId)
      .catch((error: unknown) => this.deps.log.error({ err: error, threadId }, 'the queue was not looked at'))
      .finally(() => {
        this.working.delete(threadId)
        if (this.lookAgain.delete(threadId)) this.look(threadId)
      })
  }

  /**
   * Submits this prompt of the queue now, whatever holds it back.
   *
   * @throws what a submit throws
   */
  async submit(threadId: string, row: QueuedRow): Promise<SubmittedTurn> {
    const { queues, gate } = this.deps
    const giveBack = queues.take(threadId, row)
    try {
      const submitted = resultOf(await gate.submit(promptOf(threadId, row), submitterOf(row)))
      await queues.dequeue(threadId, row)
      return submitted
    } finally {
      giveBack()
    }
  }

  close(): void {
    this.closed = true
    this.unlisten()
    for (const timer of this.retries.values()) timer.clear()
  }

  private async submitNext(threadId: string): Promise<void> {
    const { ledger, recorder, queues, slots, directory, log } = this.deps
    if (ledger.queue.list(threadId).length === 0) return
    await recorder.untilWritten()
    queues.tell(threadId)
    if (this.closed || !directory.isShared(threadId) || slots.active(threadId)) return
    try {
      // How the last turn ended must be known, and what became of a prompt that was on its way when the last daemon ended.
      await directory.claim(threadId)
      queues.settle(threadId)
      const row = slots.active(threadId) ? undefined : queues.next(threadId)
      if (row) await this.submit(threadId, row)
    } catch (error) {
      // The end of the turn that was faster is heard.
      if (error instanceof ShareError && error.errorName === 'busy') return
      const why = error instanceof Error ? error.message : String(error)
      if (queues.noteFailure(threadId, why)) log.warn({ err: error, threadId }, 'a queued prompt was not submitted')
      this.retry(threadId, isPassing(error) ? soonMs : laterMs)
    }
  }

  private retry(threadId: string, afterMs: number): void {
    this.retries.set(threadId, awakeTimeout(() => this.lookNow(threadId), afterMs).unref())
  }
}

function submitterOf({ by }: QueuedRow): Submitter {
  return { author: by ?? { label: 'unknown', kind: 'script', pid: null }, identity }
}

function isPassing(error: unknown): boolean {
  return error instanceof ShareError && (error.errorName === 'unavailable' || error.errorName === 'connectionLost')
}
