/** Codex's own queue of a shared thread, which it would drain by itself: what is in there is taken over into ours. */
import * as v from 'valibot'
import type { AppServerLink } from '../../codex/link/app-server-link.ts'
import { UpstreamError } from '../../codex/link/upstream-error.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { QueuedRow } from '../../ledger/queue-store.ts'
import type { Logger } from '../../platform/logging/log.ts'
import type { PrivateThreads } from '../adoption/private-threads.ts'
import type { CodexGateway } from '../codex-link/codex-gateway.ts'
import type { Recorder } from '../publishing/recorder.ts'
import type { TurnSlots } from '../slots/turn-slots.ts'
import type { ThreadQueues } from './thread-queues.ts'

export interface CodexQueueDeps {
  readonly ledger: Ledger
  readonly recorder: Recorder
  readonly slots: TurnSlots
  readonly queues: ThreadQueues
  readonly gateway: CodexGateway
  readonly privateThreads: Pick<PrivateThreads, 'authorOf'>
  /** To be called when something was taken over, or may be submitted at last. */
  readonly onWaiting: (threadId: string) => void
  readonly log: Logger
}

const listSchema = v.object({
  data: v.array(
    v.looseObject({
      id: v.string(),
      input: v.array(v.unknown()),
      clientUserMessageId: v.string(),
      responsesapiClientMetadata: v.nullish(v.record(v.string(), v.string()), null),
    }),
  ),
})
const deletedSchema = v.looseObject({ deleted: v.boolean() })

/** Who put it there is not known. */
const unknownAuthor = { label: 'codex queue', kind: 'codex', pid: null } as const

/** A plain `codex queue` writes to Codex's files and tells nobody; Codex reads them when a turn ends. */
const lookEveryMs = 1000
const timeoutMs = 10_000

export class CodexQueue {
  private readonly deps: CodexQueueDeps
  private readonly taking = new Map<string, Promise<void>>()
  private readonly timer: NodeJS.Timeout

  constructor(deps: CodexQueueDeps) {
    this.deps = deps
    this.timer = setInterval(() => this.takeWhileTurnsRun(), lookEveryMs).unref()
  }

  /** Has the thread opened by `resume`, with which Codex would begin to drain. Where that fails, a thread that is not shared has its queue back. */
  async whileOpening<T>(threadId: string, link: AppServerLink, resume: () => Promise<T>): Promise<T> {
    await this.take(threadId, link)
    try {
      return await resume()
    } catch (error) {
      if (!this.deps.ledger.threads.has(threadId)) await this.giveBack(threadId, link)
      throw error
    }
  }

  /** The thread is open, and caught up with. */
  onOpened(threadId: string): void {
    this.deps.onWaiting(threadId)
  }

  close(): void {
    clearInterval(this.timer)
  }

  private takeWhileTurnsRun(): void {
    const { slots, gateway } = this.deps
    if (slots.size === 0) return
    const link = gateway.current
    if (link) for (const { threadId } of slots.list()) void this.take(threadId, link)
  }

  /** A thread that is open in the user's Codex server is left to that: its people see the queue there. */
  private async take(threadId: string, link: AppServerLink): Promise<void> {
    if (this.deps.gateway.isInUserServer(threadId)) return
    const before = this.taking.get(threadId)
    if (before !== undefined) return before
    const taken = this.takeAll(threadId, link)
      .catch((error: unknown) => {
        // A Codex without a queue, or a thread that is not stored yet.
        if (!(error instanceof UpstreamError))
          this.deps.log.warn({ err: error, threadId }, 'Codex’s own queue was not taken over')
      })
      .finally(() => this.taking.delete(threadId))
    this.taking.set(threadId, taken)
    return taken
  }

  private async takeAll(threadId: string, link: AppServerLink): Promise<void> {
    const { queues, log } = this.deps
    for (;;) {
      const answer = await link.forward('thread/queue/list', { threadId }, { timeoutMs })
      const { data } = v.parse(listSchema, answer)
      if (data.length === 0) return
      log.info({ threadId, prompts: data.length }, 'taking over what waits in Codex’s own queue')
      for (const { id, input, clientUserMessageId: clientId, responsesapiClientMetadata: metadata } of data) {
        const requestId = queues.requestIdFor(threadId, { id, clientId })
        const by = this.deps.privateThreads.authorOf(threadId, clientId) ?? unknownAuthor
        const row = { id, clientId, requestId, input, metadata, by, atMs: Date.now() }
        await this.takeOne(threadId, link, row)
      }
      this.deps.onWaiting(threadId)
    }
  }

  /** First into ours, then out of Codex's: whenever we are killed it is in one of them. Its id keeps it from being in ours twice. */
  private async takeOne(threadId: string, link: AppServerLink, row: QueuedRow): Promise<void> {
    const { ledger, recorder, queues } = this.deps
    const show = queues.take(threadId, row)
    try {
      recorder.writeNow(() => ledger.queue.add(threadId, row))
      const params = { threadId, queuedSubmissionId: row.id }
      const { deleted } = v.parse(deletedSchema, await link.forward('thread/queue/delete', params, { timeoutMs }))
      // Codex was faster.
      if (!deleted) await queues.dequeue(threadId, row)
    } finally {
      show()
    }
  }

  private async giveBack(threadId: string, link: AppServerLink): Promise<void> {
    const { ledger, queues, log } = this.deps
    for (const row of ledger.queue.list(threadId)) {
      const { input, clientId: clientUserMessageId, metadata: responsesapiClientMetadata } = row
      const params = { threadId, input, clientUserMessageId, responsesapiClientMetadata }
      try {
        await link.forward('thread/queue/add', params, { timeoutMs })
        await queues.dequeue(threadId, row)
      } catch (error) {
        log.warn({ err: error, threadId }, 'Codex does not have its queue back')
        return
      }
    }
  }
}
