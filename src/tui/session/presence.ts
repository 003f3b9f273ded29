/** Follows who else is on a shared thread, what Codex asks all of them, and whether the connection stands. */
import * as v from 'valibot'
import type { DaemonClient } from '../../client/connection/daemon-client.ts'
import type { DaemonLink } from '../../client/daemon-link.ts'
import { awakeMs } from '../../platform/time/awake-clock.ts'
import type { Approval } from '../../protocol/approvals.ts'
import type { ShareEvent } from '../../protocol/events.ts'
import { daemonNotifications, type Peer } from '../../protocol/methods.ts'
import type { ThreadQueue } from '../../protocol/queue.ts'
import { updatedCodex } from '../../render/tables/updated-codex.ts'
import { readApproval } from '../state/approvals.ts'
import type { Connection } from '../state/session.ts'
import type { UiStore } from '../state/store.ts'
import type { UiAction } from '../state/ui-action.ts'
import { Announcer } from './announcer.ts'
import { watchPulse } from './watch-pulse.ts'

const comingBackMs = 10_000
const patienceMs = 3_600_000

export class Presence {
  private readonly store: UiStore
  private readonly threadId: string
  private readonly signal: AbortSignal
  private client: DaemonClient | undefined
  private stopListening: () => void = () => {}
  private readonly announcer: Announcer
  private readonly seen = new Set<string>()
  private update: string | null = null
  /** The daemon has sent the queue since it was asked for: the answer is older. */
  private isQueueReported = false
  private backSince = Number.NEGATIVE_INFINITY

  constructor(store: UiStore, threadId: string, signal: AbortSignal) {
    this.store = store
    this.announcer = new Announcer(store)
    this.threadId = threadId
    this.signal = signal
  }

  async attach(link: DaemonLink): Promise<void> {
    const client = await link.client()
    if (client === this.client || this.signal.aborted) return
    this.end()
    if (this.client) this.backSince = awakeMs()
    this.client = client
    this.stopListening = client.listen({ onNotification: (method, params) => this.onNotification(method, params) })
    client.onClose((reason) => {
      if (this.signal.aborted || client !== this.client) return
      const connection = { state: 'lost', since: Date.now(), reason: reason.message } as const
      this.store.dispatch({ type: 'session', session: { connection } })
    })
    const { threadId } = this
    this.watch(client)
    // A daemon that hangs answers when it resumes: nobody would ask again then.
    const [{ peers }, { approvals }] = await Promise.all([
      client.call('share/who', { threadId }, { timeoutMs: patienceMs }),
      client.call('share/approvals', { threadId }, { timeoutMs: patienceMs }),
    ])
    if (this.signal.aborted) return
    for (const { label, pid } of peers) this.seen.add(`${pid} ${label}`)
    this.store.dispatch({ type: 'session', session: { peers } })
    this.store.dispatch({ type: 'approvals', approvals: approvals.map(readShared) })
    await this.readQueue(client)
    await this.announceUpdate(client)
  }

  private async readQueue(client: DaemonClient): Promise<void> {
    const asked = { thread: this.threadId, open: false }
    this.isQueueReported = false
    const { thread } = await client.call('share/resolve', asked, { timeoutMs: patienceMs })
    if (this.signal.aborted || this.isQueueReported) return
    this.store.dispatch({ type: 'session', session: { queue: thread.queue ?? null } })
  }

  /** Once for each update, however often the connection comes back. */
  private async announceUpdate(client: DaemonClient): Promise<void> {
    const { appServer } = await client.call('share/status', {}, { timeoutMs: patienceMs })
    const updated = updatedCodex(appServer)
    if (updated === null || updated === this.update || this.signal.aborted) return
    this.update = updated
    this.store.dispatch({ type: 'say', blocks: [{ kind: 'notice', look: 'caution', text: `${updated}.` }] })
  }

  /** What came in the thread, with who did it. */
  onEvent(event: ShareEvent): void {
    this.announcer.onEvent(event)
  }

  end(): void {
    this.stopListening()
    this.announcer.end()
  }

  private watch(client: DaemonClient): void {
    const { store, threadId, signal } = this
    const setConnection = (connection: Connection) => store.dispatch({ type: 'session', session: { connection } })
    void watchPulse({
      client,
      threadId,
      signal,
      onSilent: (since) => setConnection({ state: 'silent', since }),
      onHeard: () => setConnection({ state: 'open' }),
    })
  }

  /** After a break all come back within moments: that is no news. */
  private isComingBack({ pid, label }: Peer): boolean {
    const key = `${pid} ${label}`
    const known = this.seen.has(key)
    this.seen.add(key)
    return known && awakeMs() - this.backSince < comingBackMs
  }

  private onNotification(method: string, params: unknown): void {
    if (this.signal.aborted) return
    const action = readNotification(method, params, this.threadId)
    if (!action) return
    if (method === 'share/queue') this.isQueueReported = true
    if (action.type !== 'peer') this.store.dispatch(action)
    else if (this.isComingBack(action.peer)) this.store.dispatch({ ...action, quiet: true })
    else if (action.change === 'joined') this.announcer.onJoined(action.peer)
    else this.announcer.onLeft(action.peer)
  }
}

/** What a notification about this thread does; undefined for events, for other threads, and for those of a newer daemon. */
function readNotification(method: string, params: unknown, threadId: string): UiAction | undefined {
  if (method === 'share/peer') {
    const { success, output } = v.safeParse(daemonNotifications[method], params)
    if (success && output.threadId === threadId) return { type: 'peer', change: output.change, peer: output.peer }
  } else if (method === 'share/approval') {
    const { success, output } = v.safeParse(daemonNotifications[method], params)
    if (success && output.threadId === threadId) return { type: 'approval', approval: readShared(output) }
  } else if (method === 'share/approvalResolved') {
    const { success, output } = v.safeParse(daemonNotifications[method], params)
    if (!success || output.threadId !== threadId) return undefined
    return { type: 'resolved', id: output.approvalId, outcome: output.by ? null : 'no longer asked' }
  } else if (method === 'share/queue') {
    const { success, output } = v.safeParse(daemonNotifications[method], params)
    if (success && output.threadId === threadId) return { type: 'session', session: { queue: shownQueue(output) } }
  }
  return undefined
}

function shownQueue(queue: ThreadQueue): ThreadQueue | null {
  return queue.prompts.length > 0 ? queue : null
}

function readShared({ approvalId, method, params, item }: Approval): ReturnType<typeof readApproval> {
  return readApproval({ id: approvalId, method, params, item })
}
