/** Takes a thread, a turn or a text out of the ledger for good. Where events were, one says that some were forgotten, by whom and when. */
import type { Database } from 'better-sqlite3'
import type { Author } from '../../protocol/events.ts'
import { type Forgotten, forgottenMethod, type IdRange } from '../../protocol/own-events.ts'
import type { EventStore } from '../event-store.ts'
import { type EventText, eventBody } from '../event-text.ts'
import type { ThreadStore } from '../thread-store.ts'
import { chooseEvents, type ForgetSubject, isWhole, wholeThread } from './choose-events.ts'
import { clearFacts, countFacts } from './facts-of-thread.ts'
import { type ForgottenRun, runsOf, turnsOf } from './forgotten-runs.ts'
import { holdsText } from './holds-text.ts'
import { noteScrubDue } from './scrub.ts'

export interface Forgettable {
  readonly events: number
  readonly turns: number
  /** Ids of the events, as runs without another event between them. */
  readonly ranges: IdRange[]
  /** Other places: the thread's name, its first prompt, request ids, names of authors. */
  readonly facts: number
}

export interface ForgetOptions {
  readonly by: Author | null
  readonly atMs: number
}

export class Forgetting {
  private readonly db: Database
  private readonly threads: ThreadStore
  private readonly events: EventStore

  constructor(db: Database, threads: ThreadStore, events: EventStore) {
    this.db = db
    this.threads = threads
    this.events = events
  }

  /** What there is to forget. Reads the events of the whole thread. */
  find(subject: ForgetSubject): Forgettable {
    const { key } = this.threads.counters(subject.threadId)
    const { runs, turnIds } = this.choose(key, subject)
    return {
      events: sumOf(runs),
      turns: turnIds.size,
      ranges: rangesOf(runs),
      facts: countFacts(this.db, key, subject),
    }
  }

  /** Whether events of a thread hold the text: looks at some, yields, and looks at the next. */
  *holds(threadId: string, text: string): Generator<void, boolean> {
    return yield* holdsText(this.db, this.threads.counters(threadId).key, text)
  }

  /**
   * Forgets all of it, or nothing. The files are to be scrubbed then.
   *
   * @returns the event that says so to those who follow, recorded as the thread's newest
   * @throws SqliteError (a full disk, …)
   */
  carryOut(subject: ForgetSubject, asked: ForgetOptions): EventText[] {
    const before = this.threads.counters(subject.threadId)
    this.db.pragma('secure_delete = ON')
    try {
      const { texts, runs } = this.db.transaction(() => this.forget(subject, asked))()
      const counters = this.threads.counters(subject.threadId)
      const isGone = (first: number) => runs.some(({ from, to }) => first >= from && first <= to)
      const growing = new Map([...counters.growing].filter(([, first]) => !isGone(first)))
      this.threads.replace({ ...counters, growing })
      return texts
    } catch (error) {
      this.threads.replace(before)
      throw error
    } finally {
      this.db.pragma('secure_delete = OFF')
    }
  }

  private forget(subject: ForgetSubject, { by, atMs }: ForgetOptions) {
    const { threadId, turnId } = subject
    const thread = this.threads.counters(threadId)
    const { key } = thread
    const { runs, turnIds } = this.choose(key, subject)
    const forgottenAt = new Date(atMs).toISOString()
    const common = { method: forgottenMethod, itemId: null, by, threadId }
    if (isWhole(subject)) this.db.prepare('DELETE FROM events WHERE thread = ?').run(key)
    else
      for (const run of runs) {
        const params: Forgotten = {
          threadId,
          ...turnOf(run.turnId),
          events: run.events,
          ranges: rangesOf([run]),
          forgottenAt,
        }
        if (run.status !== undefined) params.status = run.status
        this.replace(key, run, eventBody({ ...common, turnId: run.turnId, atMs: run.atMs, params }))
      }
    // In the place of the counters at once, as the event that is appended below counts on from them.
    this.threads.replace({ ...thread, events: this.countLasting(key) })
    clearFacts(this.db, key, subject, turnIds)
    noteScrubDue(this.db)
    const about = { ...turnOf(turnId ?? null), events: sumOf(runs), ranges: rangesOf(runs) }
    const params: Forgotten = { threadId, ...about, forgottenAt }
    return { texts: this.events.append([{ ...common, turnId: null, atMs, params }]), runs }
  }

  private countLasting(key: number): number {
    const sql = 'SELECT count(*) FROM events WHERE thread = ? AND delta_of IS NULL'
    return this.db.prepare<[number], number>(sql).pluck().get(key) ?? 0
  }

  private choose(key: number, subject: ForgetSubject) {
    if (!isWhole(subject)) {
      const runs = runsOf(this.db, key, chooseEvents(this.db, key, subject))
      return { runs, turnIds: turnsOf(runs) }
    }
    const whole = wholeThread(this.db, key)
    if (!whole) return { runs: [], turnIds: new Set<string>() }
    const sql = 'SELECT turn_id FROM turns WHERE thread = ? AND first_id >= ?'
    const turnIds = new Set(this.db.prepare<[number, number], string>(sql).pluck().all(key, whole.from))
    return { runs: [whole], turnIds }
  }

  /** The first row of the run keeps its id and its time, so that reading on from an id or a time comes upon it. */
  private replace(key: number, { from, to }: IdRange, body: string): void {
    this.db.prepare('DELETE FROM events WHERE thread = ? AND id > ? AND id <= ?').run(key, from, to)
    this.db.prepare('UPDATE events SET body = ?, delta_of = NULL WHERE thread = ? AND id = ?').run(body, key, from)
  }
}

function turnOf(turnId: string | null): Pick<Forgotten, 'turnId'> {
  return turnId === null ? {} : { turnId }
}

function sumOf(runs: readonly ForgottenRun[]): number {
  return runs.reduce((sum, { events }) => sum + events, 0)
}

function rangesOf(runs: readonly IdRange[]): IdRange[] {
  return runs.map(({ from, to }) => ({ from, to }))
}
