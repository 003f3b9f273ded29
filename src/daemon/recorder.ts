/** Append, then publish: gathers what comes in one tick, records it in one transaction, and only then hands it on. */
import type { EventStore } from '../ledger/event-store.ts'
import { type EventText, eventBody, type NewEvent } from '../ledger/event-text.ts'
import { isDatabaseError } from '../ledger/open-ledger.ts'
import type { Logger } from '../platform/log.ts'

export interface RecorderOptions {
  readonly events: EventStore
  readonly log: Logger
  readonly publish: (threadId: string, events: readonly EventText[]) => void
  /** The ledger can be written again, and misses events of these threads: they are to be caught up from Codex's own history. */
  readonly onMissed: (threadIds: ReadonlySet<string>) => void
  /** While the disk is full, events wait in memory up to this many; 200,000 unless told. */
  readonly maxWaiting?: number
}

const retryMs = 1000
/** Handing on that takes longer than this (in milliseconds) is followed by a rest of twice the time, at most `longestRestMs`. */
const worthARestMs = 0.4
const longestRestMs = 5
/** The end of time, as JavaScript has it. */
const latestMs = 8.64e15

export class Recorder {
  private readonly options: RecorderOptions
  private waiting: NewEvent[] = []
  /** Threads with events that there was no more room for. */
  private missed = new Set<string>()
  private scheduled = false
  private retryTimer: NodeJS.Timeout | undefined
  private failure: string | null = null
  /** Until then events gather: with a hundred followers each handing on is a hundred system calls, for one event or for fifty. */
  private restUntilMs = 0

  constructor(options: RecorderOptions) {
    this.options = options
  }

  /** Why nothing can be recorded at present, or null. */
  get problem(): string | null {
    return this.failure
  }

  /** Takes an event; it is recorded and published at the end of this tick, or a few milliseconds later when many follow. */
  add(event: NewEvent): void {
    if (this.waiting.length < (this.options.maxWaiting ?? 200_000)) this.waiting.push(dated(event))
    else this.missed.add(event.threadId)
    if (!this.scheduled) this.schedule()
  }

  /** Records and publishes everything taken so far. Returns false when the ledger cannot take it now; it is tried again every second. */
  flush(): boolean {
    const batch = this.waiting
    if (batch.length === 0) return true
    let texts: EventText[]
    try {
      texts = this.options.events.append(batch)
    } catch (error) {
      if (!isDatabaseError(error) && this.leaveOutUnwritable(batch)) return this.flush()
      this.stuck(error)
      return false
    }
    this.waiting = []
    this.unstuck()
    const fromMs = performance.now()
    for (const [threadId, events] of byThread(batch, texts)) this.options.publish(threadId, events)
    const endMs = performance.now()
    if (endMs - fromMs > worthARestMs) this.restUntilMs = endMs + Math.min(2 * (endMs - fromMs), longestRestMs)
    return true
  }

  close(): void {
    clearTimeout(this.retryTimer)
    this.retryTimer = undefined
    this.flush()
    clearTimeout(this.retryTimer)
  }

  private schedule(): void {
    this.scheduled = true
    const run = () => {
      this.scheduled = false
      if (this.retryTimer === undefined) this.flush()
    }
    const restMs = this.restUntilMs - performance.now()
    if (restMs > 0) setTimeout(run, restMs)
    else process.nextTick(run)
  }

  /** An event that cannot be written down would keep all others waiting for ever. Returns whether there was one. */
  private leaveOutUnwritable(batch: readonly NewEvent[]): boolean {
    this.waiting = batch.filter((event) => {
      try {
        return eventBody(event)
      } catch (error) {
        const { threadId, method } = event
        this.options.log.error({ err: error, threadId, method }, 'an event cannot be written down and is left out')
        return false
      }
    })
    return this.waiting.length < batch.length
  }

  private stuck(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error)
    if (this.failure === null) this.options.log.error({ err: error }, 'the ledger cannot be written')
    this.failure = `the ledger cannot be written: ${reason}`
    clearTimeout(this.retryTimer)
    this.retryTimer = setTimeout(() => {
      this.retryTimer = undefined
      this.flush()
    }, retryMs)
  }

  private unstuck(): void {
    clearTimeout(this.retryTimer)
    this.retryTimer = undefined
    if (this.failure === null) return
    this.failure = null
    this.options.log.info({ missed: [...this.missed] }, 'the ledger can be written again')
    const { missed } = this
    this.missed = new Set()
    if (missed.size > 0) this.options.onMissed(missed)
  }
}

/** What comes with no time, or none that there is, is dated when it comes. */
function dated(event: NewEvent): NewEvent {
  return Math.abs(event.atMs) <= latestMs ? event : { ...event, atMs: Date.now() }
}

/** Groups what was recorded by thread, in order. The common batch is of one thread and is handed on as it is. */
function byThread(batch: readonly NewEvent[], texts: readonly EventText[]): Iterable<[string, readonly EventText[]]> {
  const first = batch[0]?.threadId ?? ''
  if (batch.every(({ threadId }) => threadId === first)) return [[first, texts]]
  const groups = new Map<string, EventText[]>()
  for (const [index, { threadId }] of batch.entries()) {
    const text = texts[index]
    const group = groups.get(threadId) ?? []
    if (text) groups.set(threadId, group)
    if (text) group.push(text)
  }
  return groups
}
