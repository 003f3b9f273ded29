/**
 * Threads in sessions of an adopted plain `codex`. Until somebody shares one it is private: what is typed goes to Codex past the gate, and
 * nothing of it is recorded.
 */
import type { Thread } from '../../codex/decoding/upstream-types.ts'
import { isDoneWithin, isSoWithin } from '../../platform/time/within.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { Author } from '../../protocol/events.ts'

/** A thread that a session has open. */
export interface SessionThread {
  readonly facts: Pick<Thread, 'name' | 'cwd' | 'preview'>
  /** Nothing was said in it yet, so Codex has not stored it, and no other connection can open it. */
  isUnstored: boolean
}

/** A session, as the parts that open threads see it. */
export interface AdoptedSession {
  readonly author: Author
  readonly threads: { get(threadId: string): SessionThread | undefined }
}

/** A turn that was begun past the gate. */
export interface PrivateTurn {
  readonly turnId: string
  /** Null where it was not begun in a session of these. */
  readonly by: Author | null
}

export interface OpenThread {
  readonly threadId: string
  readonly facts: SessionThread['facts']
  readonly sessions: readonly AdoptedSession[]
  readonly turn: PrivateTurn | null
}

interface State {
  readonly sessions: Set<AdoptedSession>
  /** Who submitted what, by the ids of the requests, the oldest first. */
  readonly authors: Map<string, Author>
  turn: PrivateTurn | null
  /** The turn that ended last: its end may be heard before the reply that names it. */
  lastEnded: string | null
  /** Requests that begin a turn and that Codex has not answered yet. */
  inFlight: number
  /** The thread is being opened for sharing, so often at once. */
  opening: number
  changed: PromiseWithResolvers<void>
}

/** So many authors are remembered of one thread. */
const mostAuthors = 1000
/** Codex answers such a request within tenths of a second. */
const answeredMs = 10_000

export class PrivateThreads {
  private readonly states = new Map<string, State>()
  private readonly answeredMs: number

  constructor(longestAnswerMs = answeredMs) {
    this.answeredMs = longestAnswerMs
  }

  /** A session has the thread open, or no longer. */
  note(threadId: string, change: 'joined' | 'left', session: AdoptedSession): void {
    const state = this.states.get(threadId) ?? emptyState()
    if (change === 'joined') state.sessions.add(session)
    else state.sessions.delete(session)
    if (state.sessions.size > 0) this.states.set(threadId, state)
    else if (state.opening === 0) this.states.delete(threadId)
  }

  /** Whether a session has it open. */
  isOpen(threadId: string): boolean {
    return this.states.has(threadId)
  }

  /** Those that sessions have open, shared or not. */
  list(): OpenThread[] {
    return [...this.states].flatMap(([threadId, { sessions, turn }]) => {
      const [first] = sessions
      const facts = first?.threads.get(threadId)?.facts
      return facts ? [{ threadId, facts, sessions: [...sessions], turn }] : []
    })
  }

  /** What is known of a thread in which nothing was said yet: Codex has not stored it, so that no other connection can open it. */
  unstored(threadId: string): SessionThread['facts'] | undefined {
    const threads = this.sessionThreads(threadId)
    return threads.length > 0 && threads.every(({ isUnstored }) => isUnstored) ? threads[0]?.facts : undefined
  }

  /** Codex has stored it by now. */
  noteStored(threadId: string): void {
    for (const thread of this.sessionThreads(threadId)) thread.isUnstored = false
  }

  /** Settles once the thread is not being opened: it is shared then, or that did not work. */
  async untilOpened(threadId: string): Promise<void> {
    for (let state = this.states.get(threadId); state && state.opening > 0; state = this.states.get(threadId))
      await state.changed.promise
  }

  /**
   * Counts a request that begins a turn without the gate. Call it behind `untilOpened`, just before the request is sent, and the returned
   * function when Codex has answered, with the turn's id where the answer has it.
   */
  enter(threadId: string, by: Author, requestId?: string): (turnId?: string | null) => void {
    const state = this.states.get(threadId)
    if (!state) return () => {}
    state.inFlight += 1
    if (requestId !== undefined) this.noteAuthor(threadId, requestId, by)
    let isOver = false
    return (turnId) => {
      if (isOver) return
      isOver = true
      if (turnId) this.onTurnStarted(threadId, turnId, by)
      state.inFlight -= 1
      signal(state)
    }
  }

  /** A session was told of a turn, or Codex has named one that it asked for. */
  onTurnStarted(threadId: string, turnId: string, by: Author | null = null): void {
    const state = this.states.get(threadId)
    if (!state || state.lastEnded === turnId) return
    const known = state.turn?.turnId === turnId ? state.turn.by : null
    state.turn = { turnId, by: by ?? known }
    signal(state)
  }

  onTurnEnded(threadId: string, turnId: string): void {
    const state = this.states.get(threadId)
    if (!state) return
    state.lastEnded = turnId
    if (state.turn?.turnId === turnId) state.turn = null
  }

  /** The turn that runs, as far as the sessions have heard. */
  turnIn(threadId: string): PrivateTurn | null {
    return this.states.get(threadId)?.turn ?? null
  }

  /** Waits until the sessions were told of a turn, for a moment: Codex does not name each in its answer. */
  async untilTurn(threadId: string, timeoutMs: number): Promise<void> {
    await isSoWithin(timeoutMs, () => this.states.get(threadId)?.turn !== null)
  }

  /** What is submitted, or put into Codex's queue, under this id is theirs. */
  noteAuthor(threadId: string, requestId: string, by: Author): void {
    const authors = this.states.get(threadId)?.authors
    if (!authors) return
    authors.set(requestId, by)
    const [oldest] = authors.keys()
    if (authors.size > mostAuthors && oldest !== undefined) authors.delete(oldest)
  }

  /** Who submitted a prompt before the thread was shared; null where that is not known. */
  authorOf(threadId: string, requestId: string): Author | null {
    return this.states.get(threadId)?.authors.get(requestId) ?? null
  }

  /**
   * Opens the thread for sharing while nothing is begun past the gate: what is on its way is waited for, since a turn that begins beside a
   * post would be merged with it, and what comes meanwhile waits.
   *
   * @throws ShareError `unavailable` where Codex does not answer what is on its way, and what `open` throws
   */
  whileOpening<T>(threadId: string, open: () => Promise<T>): Promise<T> {
    const state = this.states.get(threadId)
    return state ? this.openBehind(threadId, state, open) : open()
  }

  private async openBehind<T>(threadId: string, state: State, open: () => Promise<T>): Promise<T> {
    state.opening += 1
    try {
      if (!(await isDoneWithin(this.answeredMs, untilAnswered(state))))
        throw new ShareError(
          'unavailable',
          `a prompt is on its way in thread ${threadId}, and Codex does not answer it`,
          {
            facts: { threadId, sent: false },
            hint: 'Try again when that turn runs.',
          },
        )
      return await open()
    } finally {
      state.opening -= 1
      if (state.sessions.size === 0 && state.opening === 0) this.states.delete(threadId)
      signal(state)
    }
  }

  private sessionThreads(threadId: string): SessionThread[] {
    const sessions = [...(this.states.get(threadId)?.sessions ?? [])]
    return sessions.flatMap((session) => session.threads.get(threadId) ?? [])
  }
}

function emptyState(): State {
  const empty = { turn: null, lastEnded: null, inFlight: 0, opening: 0 }
  return { ...empty, sessions: new Set(), authors: new Map(), changed: Promise.withResolvers() }
}

async function untilAnswered(state: State): Promise<void> {
  while (state.inFlight > 0) await state.changed.promise
}

function signal(state: State): void {
  state.changed.resolve()
  state.changed = Promise.withResolvers()
}
