/** Makes the events that a shared thread would have of a private app-server's notifications, with ids that are counted here. */

import type { UpstreamNotification } from '../../codex/decoding/decode-notification.ts'
import type { UpstreamRequest } from '../../codex/decoding/upstream-message.ts'
import type { Turn } from '../../codex/decoding/upstream-types.ts'
import type { AppServerLink } from '../../codex/link/initialize-app-server.ts'
import { eventsOfTurn } from '../../codex/threads/events-of-turn.ts'
import { turnsOfThread, turnsSince } from '../../codex/threads/thread-history.ts'
import type { ShareEvent } from '../../protocol/events.ts'
import { type JsonObject, objectOf, textOf } from '../../protocol/json/read-json.ts'
import { questionKindOf } from '../../protocol/questions/question-kinds.ts'
import { visibleText } from '../../protocol/text/visible-text.ts'
import { readApproval } from '../state/approvals.ts'
import type { UiStore } from '../state/store.ts'

interface LocalReporterOptions {
  readonly store: UiStore
  /** The person, as their own prompts are signed. */
  readonly label: string
}

/** Of a stored thread that is opened; the rest is in its history. */
const shownTurns = 20

/** Turns what the app-server sends into what the state takes, and holds it back until the thread is on the screen. */
export class LocalReporter {
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

  constructor({ store, label }: LocalReporterOptions) {
    this.store = store
    this.label = label
  }

  onNotification(notification: UpstreamNotification): void {
    if (this.ended) return
    const { effect, threadId, params } = notification
    if (effect.kind === 'questionResolved')
      this.store.dispatch({ type: 'resolved', id: effect.requestId, outcome: 'no longer asked' })
    // Notifications of no thread are about the app-server (such as a warning at its start) and are ours all the same.
    if (this.threadId !== '' && threadId !== null && threadId !== this.threadId) return
    this.rememberChange(effect.kind === 'itemStarted', objectOf(params.item))
    this.add(notification)
  }

  onRequest({ id, method, params }: UpstreamRequest, link: AppServerLink): void {
    if (questionKindOf(method).audience !== 'people') {
      link.reject(id, { code: -32601, message: `codex-share does not answer ${method}` })
      return
    }
    const approval = readApproval({ id, method, params, item: this.changes.get(textOf(params.itemId)) ?? null })
    const show = () => this.store.dispatch({ type: 'approval', approval })
    if (this.held) this.heldRequests.push(show)
    else show()
  }

  /** A turn was accepted: it holds the thread from now on, unless it is over already by the time that its acceptance is read. */
  onTurnAccepted(turnId: string): void {
    const turn = { turnId, startedAtMs: Date.now(), by: null }
    this.store.flush()
    if (turnId !== this.lastEnded && this.store.state.session.turn === null)
      this.store.dispatch({ type: 'session', session: { turn } })
  }

  /** Puts the newest turns of the thread before what has come since; returns whether there are older ones. */
  async loadRecent(link: AppServerLink): Promise<boolean> {
    let left = shownTurns
    const turns = await turnsSince(link, this.threadId, () => --left < 0)
    const early = this.held ?? []
    this.held = turns.slice(-shownTurns).flatMap((turn) => this.eventsOf(turn))
    for (const event of early) this.held.push({ ...event, id: ++this.lastId })
    return turns.length > shownTurns
  }

  /** All of the thread, turn by turn. */
  async *readHistory(link: AppServerLink, signal: AbortSignal): AsyncGenerator<readonly ShareEvent[]> {
    for await (const turn of turnsOfThread(link, this.threadId, { signal })) yield this.eventsOf(turn)
  }

  /** Ids continue from where the transcript is. */
  start(): void {
    const base = this.store.state.transcript.lastId
    const held = (this.held ?? []).map((event) => ({ ...event, id: event.id + base }))
    this.lastId += base
    this.held = null
    this.store.queue(held)
    for (const show of this.heldRequests) show()
  }

  onLinkLost(reason: string): void {
    if (this.ended) return
    this.store.dispatch({ type: 'session', session: { connection: { state: 'failed', reason }, turn: null } })
    const text = `✖ ${visibleText(reason)}. Your next prompt starts it again.`
    this.store.dispatch({ type: 'say', blocks: [{ kind: 'notice', look: 'bad', text }] })
  }

  end(): void {
    this.ended = true
  }

  private rememberChange(isStart: boolean, item: JsonObject): void {
    if (item.type !== 'fileChange') return
    if (isStart) this.changes.set(textOf(item.id), item)
    else this.changes.delete(textOf(item.id))
  }

  private add(notification: UpstreamNotification): void {
    const event = this.eventOf(notification)
    if (notification.effect.kind === 'turnEnded') this.lastEnded = event.turnId
    if (this.held) this.held.push(event)
    else this.store.queue([event])
  }

  private eventsOf(turn: Turn): ShareEvent[] {
    return eventsOfTurn(this.threadId, turn).map((notification) => this.eventOf(notification))
  }

  private eventOf({ method, params, turnId, emittedAtMs }: UpstreamNotification): ShareEvent {
    const at = new Date(emittedAtMs).toISOString()
    const isPrompt = objectOf(params.item).type === 'userMessage'
    const by = isPrompt ? { label: this.label, kind: 'ui', pid: process.pid } : null
    return { id: ++this.lastId, threadId: this.threadId, turnId, at, method, params: { ...params }, by }
  }
}
