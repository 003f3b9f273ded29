/** Append, then publish: gathers what comes in one tick, records it in one transaction, and only then hands it on. */
import { type EventText, eventBody, type NewEvent } from '../../ledger/event-text.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { isCorrupt, isDatabaseError } from '../../ledger/open-ledger.ts'
import type { Logger } from '../../platform/logging/log.ts'
import { type AwakeTimeout, awakeTimeout } from '../../platform/time/awake-clock.ts'
import { ShareError } from '../../protocol/errors.ts'
import { withUnrecordedPrompts } from './unrecorded-prompts.ts'

export interface RecorderOptions {
  readonly ledger: Pick<Ledger, 'events' | 'turns'>
  readonly log: Logger
  readonly publish: (threadId: string, events: readonly EventText[]) => void
  /** The ledger can be written again, and misses events of these threads: they are to be caught up from Codex's own history. */
  readonly onMissed: (threadIds: ReadonlySet<string>) => void
  /** The ledger cannot be written, for this reason; null when it can again. */
  readonly onProblem?: (problem: string | null) => void
  /** While the disk is full, events wait in memory up to this many; 200,000 by default. */
  readonly maxWaiting?: number
}

/** Something else to be written, in its turn. */
interface Write {
  /** Returns what reports the success. */
  readonly run: () => () => void
  readonly reject: (error: unknown) => void
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
  private writes: Write[] = []
  /** Wait until everything that was taken before is written. */
  private onceWritten: (() => void)[] = []
  /** Threads with events that there was no more room for. */
  private missed = new Set<string>()
  private scheduled = false
  private retryTimer: AwakeTimeout | undefined
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
    try {
      this.runWrites()
      this.recordEvents()
    } catch (error) {
      this.stuck(error)
      return false
    }
    this.unstuck()
    for (const resolve of this.onceWritten.splice(0)) resolve()
    return true
  }

  /**
   * Resolves when everything taken so far is in the ledger. What compares the ledger with Codex waits for this: what is not written yet
   * would look as if it were missing, and be recorded twice.
   */
  untilWritten(): Promise<void> {
    return new Promise((resolve) => {
      this.onceWritten.push(resolve)
      this.flush()
    })
  }

  /**
   * Writes something that must not get lost, now or, when the ledger cannot be written, as soon as it can.
   *
   * @throws what `work` throws because of something else than a failing disk
   */
  persist<T>(work: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const run = () => {
      const result = work()
      return () => resolve(result)
    }
    this.writes.push({ run, reject })
    this.flush()
    return promise
  }

  /**
   * Writes something for a request that is refused otherwise.
   *
   * @throws ShareError `unavailable` with `facts.sent` false: nothing was written
   */
  writeNow<T>(work: () => T): T {
    this.requireWritable()
    try {
      return work()
    } catch (error) {
      if (!isDatabaseError(error) || isCorrupt(error)) throw error
      throw cannotBeWritten(problemOf(error), error)
    }
  }

  /** @throws ShareError `unavailable` while something waits to be written that cannot be */
  requireWritable(): void {
    if (!this.flush()) throw cannotBeWritten(String(this.failure))
  }

  close(): void {
    this.flush()
    this.retryTimer?.clear()
  }

  /** In order; what fails stays the first, with all behind it. */
  private runWrites(): void {
    for (let write = this.writes[0]; write; write = this.writes[0]) {
      let report: () => void
      try {
        report = write.run()
      } catch (error) {
        if (isDatabaseError(error) && !isCorrupt(error)) throw error
        const { reject } = write
        report = () => reject(error)
      }
      this.writes.shift()
      report()
    }
  }

  private recordEvents(): void {
    if (this.waiting.length === 0) return
    const { ledger, publish } = this.options
    const batch = withUnrecordedPrompts(this.waiting, ledger.turns)
    let texts: EventText[]
    try {
      texts = ledger.events.append(batch)
    } catch (error) {
      if (isDatabaseError(error) || !this.leaveOutUnwritable()) throw error
      this.recordEvents()
      return
    }
    this.waiting = []
    const fromMs = performance.now()
    for (const [threadId, events] of byThread(batch, texts)) publish(threadId, events)
    const endMs = performance.now()
    if (endMs - fromMs > worthARestMs) this.restUntilMs = endMs + Math.min(2 * (endMs - fromMs), longestRestMs)
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
  private leaveOutUnwritable(): boolean {
    const before = this.waiting.length
    this.waiting = this.waiting.filter((event) => {
      try {
        return eventBody(event)
      } catch (error) {
        const { threadId, method } = event
        this.options.log.error({ err: error, threadId, method }, 'an event cannot be written down and is left out')
        return false
      }
    })
    return this.waiting.length < before
  }

  private stuck(error: unknown): void {
    const before = this.failure
    this.failure = problemOf(error)
    this.retryTimer?.clear()
    this.retryTimer = awakeTimeout(() => {
      this.retryTimer = undefined
      this.flush()
    }, retryMs)
    if (before !== null) return
    this.options.log.error({ err: error }, 'the ledger cannot be written')
    this.options.onProblem?.(this.failure)
  }

  private unstuck(): void {
    this.retryTimer?.clear()
    this.retryTimer = undefined
    if (this.failure === null) return
    this.failure = null
    this.options.log.info({ missed: [...this.missed] }, 'the ledger can be written again')
    this.options.onProblem?.(null)
    const { missed } = this
    this.missed = new Set()
    if (missed.size > 0) this.options.onMissed(missed)
  }
}

function problemOf(error: unknown): string {
  return `the ledger cannot be written: ${error instanceof Error ? error.message : String(error)}`
}

function cannotBeWritten(problem: string, cause?: unknown): ShareError {
  return new ShareError('unavailable', problem, {
    facts: { sent: false },
    hint: 'Nothing was submitted. Make room on its disk (`codex-share doctor` names it), then try again.',
    cause,
  })
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
