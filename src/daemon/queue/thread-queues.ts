/** What waits in each thread's queue: kept in the ledger, told to all who have the thread open. */
import { randomUUID } from 'node:crypto'
import type { QueuedSubmission } from '../../codex/decoding/upstream-types.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { QueuedEdit, QueuedRow } from '../../ledger/queue-store.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { Author } from '../../protocol/events.ts'
import type { JsonObject } from '../../protocol/json/read-json.ts'
import type { ThreadQueue } from '../../protocol/queue.ts'
import { contentDigest, isSameContent } from '../gate/request-id.ts'
import type { Peers } from '../peers/peers.ts'
import type { Recorder } from '../publishing/recorder.ts'
import { describePrompt } from './describe-prompt.ts'
import { queueChangedFrame, queueChangedNotification } from './queue-changed.ts'

export interface ThreadQueuesDeps {
  readonly ledger: Ledger
  readonly recorder: Recorder
  readonly peers: Peers
}

export interface NewPrompt extends Pick<QueuedRow, 'clientId' | 'input' | 'metadata'> {
  readonly by: Author
}

/** The longest request id that a submit takes. */
const longestRequestId = 200
const afterInterruption = 'the last turn was interrupted'

export class ThreadQueues {
  private readonly deps: ThreadQueuesDeps
  /** Prompts that are being submitted, or taken over from Codex: nobody sees or changes them meanwhile. */
  private readonly underway = new Set<string>()
  /** Why the first prompt of a thread could not be submitted. */
  private readonly troubles = new Map<string, string>()
  private readonly lastTold = new Map<string, string>()

  constructor(deps: ThreadQueuesDeps) {
    this.deps = deps
  }

  /** @throws ShareError `unavailable` when the ledger cannot be written */
  add(threadId: string, { clientId, by, ...prompt }: NewPrompt): QueuedRow {
    const { ledger, recorder } = this.deps
    const id = randomUUID()
    const requestId = this.requestIdFor(threadId, { id, clientId })
    const row: QueuedRow = { ...prompt, id, clientId, by, requestId, atMs: Date.now() }
    recorder.writeNow(() => ledger.queue.add(threadId, row))
    this.announce(threadId, by)
    return row
  }

  /** The client's own id, by which it knows its prompt again, unless that cannot be the id of one submit. */
  requestIdFor(threadId: string, { id, clientId }: Pick<QueuedRow, 'id' | 'clientId'>): string {
    const isFit = clientId !== '' && clientId.length <= longestRequestId && !this.isUsed(threadId, clientId)
    return isFit ? clientId : id
  }

  /** What waits, in order. */
  list(threadId: string): QueuedRow[] {
    const rows = this.deps.ledger.queue.list(threadId)
    return rows.filter((row) => !this.underway.has(row.id) && !this.isSubmitted(threadId, row))
  }

  /** @throws ShareError `notFound`, in Codex's words */
  get(threadId: string, id: string): QueuedRow {
    const row = this.list(threadId).find((queued) => queued.id === id)
    if (!row) throw new ShareError('notFound', `queued submission not found: ${id}`, { facts: { threadId } })
    return row
  }

  update(threadId: string, id: string, edit: QueuedEdit): void {
    this.deps.recorder.writeNow(() => this.deps.ledger.queue.update(threadId, id, edit))
    this.troubles.delete(threadId)
    this.announce(threadId, edit.by)
  }

  reorder(threadId: string, ids: readonly string[], by: Author): void {
    this.deps.recorder.writeNow(() => this.deps.ledger.queue.reorder(threadId, ids))
    this.announce(threadId, by)
  }

  remove(threadId: string, id: string, by: Author): void {
    this.deps.recorder.writeNow(() => this.deps.ledger.queue.remove(threadId, id))
    this.troubles.delete(threadId)
    this.announce(threadId, by)
  }

  /** Nothing of the thread is to be submitted any more: to be called in a write. Returns how many prompts waited. */
  clear(threadId: string): number {
    this.troubles.delete(threadId)
    return this.deps.ledger.queue.clear(threadId)
  }

  /** Hides a prompt until the returned function is called: it has left the queue, unless it turns out not to have. */
  take(threadId: string, { id, by }: QueuedRow): () => void {
    this.underway.add(id)
    this.announce(threadId, by)
    return () => {
      this.underway.delete(id)
      if (this.list(threadId).some((row) => row.id === id)) this.announce(threadId, by)
      else this.tell(threadId)
    }
  }

  /** It has become a turn, or is Codex's again. */
  dequeue(threadId: string, { id }: QueuedRow): Promise<void> {
    this.troubles.delete(threadId)
    return this.deps.recorder.persist(() => this.deps.ledger.queue.remove(threadId, id))
  }

  /** Takes out what became a turn before it could be taken out: the daemon was killed right then. */
  settle(threadId: string): void {
    const { ledger, recorder } = this.deps
    for (const row of ledger.queue.list(threadId)) {
      const known = ledger.turns.request(threadId, row.requestId)
      if (!known) continue
      const isIt = isSameContent(known, contentDigest(promptOf(threadId, row)))
      if (!isIt) void recorder.persist(() => ledger.queue.renameRequest(threadId, row.id))
      else if (known.turnId !== null && !this.underway.has(row.id)) void this.dequeue(threadId, row)
    }
  }

  /** The prompt that is next, unless nothing is to be submitted by itself. */
  next(threadId: string): QueuedRow | undefined {
    const [first] = this.deps.ledger.queue.list(threadId)
    return first && !this.underway.has(first.id) && !this.isInterrupted(threadId) ? first : undefined
  }

  /** Why the next could not be submitted; told where that is news. */
  noteFailure(threadId: string, why: string): boolean {
    const isNews = this.troubles.get(threadId) !== why
    this.troubles.set(threadId, why)
    this.tell(threadId)
    return isNews
  }

  /** Undefined where nothing waits. */
  describe(threadId: string): ThreadQueue | undefined {
    const rows = this.list(threadId)
    if (rows.length === 0) return undefined
    const interrupted = this.isInterrupted(threadId) ? afterInterruption : null
    return { threadId, prompts: rows.map(describePrompt), heldBack: interrupted ?? this.troubles.get(threadId) ?? null }
  }

  /** The queue is another than before: recorded, and told to everybody who has the thread open. */
  announce(threadId: string, by: Author | null): void {
    const { ledger, recorder, peers } = this.deps
    if (!ledger.threads.has(threadId)) return
    const about = { threadId, turnId: null, itemId: null, atMs: Date.now(), by }
    recorder.add({ ...queueChangedNotification(threadId), ...about })
    peers.tellGuests(threadId, queueChangedFrame(threadId))
    this.tell(threadId)
  }

  /** Tells peers of ours what waits, where they do not know it. */
  tell(threadId: string): void {
    const queue = this.describe(threadId) ?? { threadId, prompts: [], heldBack: null }
    const text = JSON.stringify(queue)
    if (text === this.lastTold.get(threadId)) return
    if (queue.prompts.length > 0) this.lastTold.set(threadId, text)
    else this.lastTold.delete(threadId)
    for (const { channel, rpc } of this.deps.peers.followers(threadId))
      channel.guard.run(() => rpc.notify('share/queue', queue))
  }

  /** As Codex has it: the queue rests after an interruption until the next turn has ended. */
  private isInterrupted(threadId: string): boolean {
    const { threads, turns } = this.deps.ledger
    return threads.has(threadId) && turns.newest(threadId)?.status === 'interrupted'
  }

  private isUsed(threadId: string, requestId: string): boolean {
    const { queue, threads, turns } = this.deps.ledger
    const isQueued = queue.list(threadId).some((row) => row.requestId === requestId)
    return isQueued || (threads.has(threadId) && turns.request(threadId, requestId) !== undefined)
  }

  /** It was sent to Codex, and what became of it may not be known yet. */
  private isSubmitted(threadId: string, row: QueuedRow): boolean {
    const { threads, turns } = this.deps.ledger
    const known = threads.has(threadId) ? turns.request(threadId, row.requestId) : undefined
    return known !== undefined && isSameContent(known, contentDigest(promptOf(threadId, row)))
  }
}

/** The `turn/start` that a queued prompt becomes. */
export function promptOf(threadId: string, { input, metadata, requestId }: QueuedRow): JsonObject {
  const more = metadata === null ? {} : { responsesapiClientMetadata: metadata }
  return { threadId, input, clientUserMessageId: requestId, ...more }
}

/** In Codex's own form. */
export function asSubmission({ id, input, clientId, metadata }: QueuedRow): QueuedSubmission {
  return {
    id,
    input: input as QueuedSubmission['input'],
    clientUserMessageId: clientId,
    responsesapiClientMetadata: metadata as QueuedSubmission['responsesapiClientMetadata'],
  }
}
