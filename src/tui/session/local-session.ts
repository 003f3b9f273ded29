/** A private thread on an app-server of its own: its notifications become events like those of a shared one, with ids counted here. */
import { setTimeout as delay } from 'node:timers/promises'
import { eventsOfTurn } from '../../codex/events-of-turn.ts'
import type { AppServerLink } from '../../codex/introduce.ts'
import type { CodexCommand } from '../../codex/npm-launcher.ts'
import { startStdioAppServer } from '../../codex/stdio-app-server.ts'
import { turnsSince } from '../../codex/thread-history.ts'
import type { UpstreamNotification, UpstreamRequest } from '../../codex/upstream-message.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { ShareEvent } from '../../protocol/events.ts'
import { programVersion } from '../../protocol/version.ts'
import { type JsonObject, objectOf, textOf } from '../../render/read-json.ts'
import { isForPeople, readApproval, toldAnswer } from '../state/approvals.ts'
import { localEndpoint, type Session } from '../state/session.ts'
import type { UiStore } from '../state/store.ts'
import type { Prompt, ThreadSession } from './thread-session.ts'

export type LocalStart =
  | { readonly kind: 'new' }
  /** Goes on with a stored thread. With `silent` what is in it is on the screen already. */
  | { readonly kind: 'resume'; readonly threadId: string; readonly silent: boolean }
  /** Goes on with a copy: what is in the thread is on the screen already. */
  | { readonly kind: 'fork'; readonly threadId: string }

export interface LocalSessionOptions {
  readonly store: UiStore
  readonly codex: CodexCommand
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  /** The person, as their own prompts are signed. */
  readonly label: string
  readonly start: LocalStart
}

export interface LocalSession extends ThreadSession {
  /** What Codex said of the thread, for the footer and the head of the session. */
  readonly facts: Partial<Session>
  /** Begins to report: the newest turns of a stored thread first, then what came since. */
  report(): void
}

const shownTurns = 20

/** @throws ShareError `unavailable` when the app-server does not start; what Codex answers, such as an active writer */
export async function openLocalSession(options: LocalSessionOptions): Promise<LocalSession> {
  const { store, codex, env, cwd, start } = options
  const reporter = new LocalReporter(options)
  const server = await startStdioAppServer({
    codex,
    env,
    cwd,
    client: { name: 'codex-share', version: programVersion },
    onNotification: (notification) => reporter.take(notification),
    onRequest: (request) => reporter.ask(request, server.link),
  })
  try {
    const opened = await openThread(server.link, cwd, start)
    const { thread } = opened
    reporter.threadId = thread.id
    if (start.kind === 'resume' && !start.silent) await reporter.remember(server.link)
    let stored = start.kind !== 'new'
    let closing = false
    void server.ended.then((how) => {
      if (!closing) reporter.lost(`the private Codex app-server ${how}`)
    })
    return {
      mode: 'LOCAL',
      threadId: thread.id,
      get isStored() {
        return stored
      },
      facts: {
        mode: 'LOCAL',
        threadId: thread.id,
        threadName: thread.name,
        endpoint: localEndpoint,
        model: opened.model,
        cwd: opened.cwd,
        approvals: textOf(opened.approvalPolicy) || 'as configured',
        connection: { state: 'open' },
      },
      report: () => reporter.start(),
      submit: async (prompt) => {
        const turn = await submitLocally(server.link, thread.id, prompt, store)
        if (turn) reporter.began(turn)
        stored = true
      },
      interrupt: async () => {
        const turnId = store.state.session.turn?.turnId
        if (turnId) await server.link.request('turn/interrupt', { threadId: thread.id, turnId })
      },
      answer: async (requestId, answer) => server.link.respond(requestId, answer),
      close: async () => {
        closing = true
        reporter.end()
        await server.stop()
      },
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function openThread(link: AppServerLink, cwd: string, start: LocalStart) {
  switch (start.kind) {
    case 'new':
      return await link.request('thread/start', { cwd })
    case 'resume':
      return await link.request('thread/resume', { threadId: start.threadId, excludeTurns: true })
    case 'fork':
      return await link.request('thread/fork', { threadId: start.threadId, excludeTurns: true, cwd })
  }
}

/** Codex itself would quietly merge a prompt into the running turn, so that one is refused here as the daemon does. */
async function submitLocally(link: AppServerLink, threadId: string, prompt: Prompt, store: UiStore) {
  const input = [{ type: 'text' as const, text: prompt.text, text_elements: [] }]
  const params = { threadId, clientUserMessageId: prompt.requestId, input }
  for (;;) {
    const { turn } = store.state.session
    if (turn && prompt.ifTurnRuns === 'refuse') throw localBusy(threadId, turn.turnId, turn.startedAtMs)
    if (turn?.turnId && prompt.ifTurnRuns === 'steer') {
      await link.request('turn/steer', { ...params, expectedTurnId: turn.turnId })
      return undefined
    }
    if (!turn) break
    await untilChanged(store, prompt.signal)
  }
  return (await link.request('turn/start', params)).turn.id
}

async function untilChanged(store: UiStore, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  await new Promise<void>((resolve) => {
    const stop = store.subscribe(() => {
      stop()
      resolve()
    })
    signal?.addEventListener('abort', () => resolve(), { once: true })
  })
  await delay(0)
  signal?.throwIfAborted()
}

function localBusy(threadId: string, turnId: string | null, startedAtMs: number): ShareError {
  const facts = { threadId, turnId, startedAt: new Date(startedAtMs).toISOString(), by: null, waitingOnApproval: false }
  return new ShareError('busy', 'a turn is running', { facts })
}

/** Turns what the app-server sends into what the state takes, and holds it back until the thread is on the screen. */
class LocalReporter {
  threadId = ''
  private readonly store: UiStore
  private readonly label: string
  private held: ShareEvent[] | null = []
  private heldRequests: (() => void)[] = []
  /** File changes that have begun, by their id: a question about one does not say what it is. */
  private readonly changes = new Map<string, JsonObject>()
  private lastId = 0
  private ended = false
  private lastEnded: string | null = null

  constructor({ store, label }: LocalSessionOptions) {
    this.store = store
    this.label = label
  }

  take({ method, params, emittedAtMs }: UpstreamNotification): void {
    if (this.ended) return
    if (method === 'serverRequest/resolved') {
      const { requestId } = params
      if (typeof requestId === 'string' || typeof requestId === 'number')
        this.store.dispatch({ type: 'resolved', id: requestId, told: toldAnswer(null, null) })
    }
    // Notifications of no thread are about the app-server (a warning at its start, for one) and are ours all the same.
    const threadId = textOf(params.threadId) || this.threadId
    if (this.threadId !== '' && threadId !== this.threadId) return
    this.rememberChange(method, objectOf(params.item))
    this.add(method, params, emittedAtMs)
  }

  ask({ id, method, params }: UpstreamRequest, link: AppServerLink): void {
    if (!isForPeople(method)) {
      link.reject(id, { code: -32601, message: `codex-share does not answer ${method}` })
      return
    }
    const approval = readApproval({ id, method, params, item: this.changes.get(textOf(params.itemId)) ?? null })
    const tell = () => this.store.dispatch({ type: 'approval', approval })
    if (this.held) this.heldRequests.push(tell)
    else tell()
  }

  /** A turn was accepted: it holds the thread from now on, unless it is over already by the time that its acceptance is read. */
  began(turnId: string): void {
    const turn = { turnId, startedAtMs: Date.now(), by: null }
    this.store.flush()
    if (turnId !== this.lastEnded && this.store.state.session.turn === null)
      this.store.dispatch({ type: 'session', session: { turn } })
  }

  /** Puts the newest turns of the thread before what has come since. */
  async remember(link: AppServerLink): Promise<void> {
    let left = shownTurns
    const turns = await turnsSince(link, this.threadId, () => --left <= 0)
    const early = this.held ?? []
    this.held = []
    for (const turn of turns)
      for (const { method, params, atMs } of eventsOfTurn(this.threadId, turn)) this.add(method, params, atMs)
    for (const event of early) this.held.push({ ...event, id: ++this.lastId })
  }

  /** Ids go on from where the transcript is. */
  start(): void {
    const base = this.store.state.transcript.lastId
    const held = (this.held ?? []).map((event) => ({ ...event, id: event.id + base }))
    this.lastId += base
    this.held = null
    this.store.queue(held)
    for (const tell of this.heldRequests) tell()
  }

  lost(reason: string): void {
    if (this.ended) return
    this.store.dispatch({ type: 'session', session: { connection: { state: 'failed', reason }, turn: null } })
    const text = `✖ ${reason}. Your next prompt starts it again.`
    this.store.dispatch({ type: 'say', blocks: [{ kind: 'notice', look: 'bad', text }] })
  }

  end(): void {
    this.ended = true
  }

  private rememberChange(method: string, item: JsonObject): void {
    if (item.type !== 'fileChange') return
    if (method === 'item/started') this.changes.set(textOf(item.id), item)
    else this.changes.delete(textOf(item.id))
  }

  private add(method: string, params: Readonly<Record<string, unknown>>, atMs: number): void {
    const turnId = textOf(params.turnId) || textOf(objectOf(params.turn).id) || null
    const at = new Date(atMs).toISOString()
    if (method === 'turn/completed') this.lastEnded = turnId
    const isPrompt = objectOf(params.item).type === 'userMessage'
    const by = isPrompt ? { label: this.label, kind: 'ui', pid: process.pid } : null
    const event = { id: ++this.lastId, threadId: this.threadId, turnId, at, method, params: { ...params }, by }
    if (this.held) this.held.push(event)
    else this.store.queue([event])
  }
}
