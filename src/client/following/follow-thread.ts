/** Follows a thread over any number of connections: each event once, in order, from a starting point on and then live. */
import * as v from 'valibot'
import { untilAborted } from '../../platform/time/until-aborted.ts'
import { isShareError } from '../../protocol/errors.ts'
import type { StartingPoint } from '../../protocol/events.ts'
import { daemonNotifications } from '../../protocol/methods.ts'
import type { DaemonClient } from '../connection/daemon-client.ts'
import type { EventFrame } from '../connection/event-frames.ts'
import type { DaemonLink } from '../daemon-link.ts'
import type { FollowEntry } from './inbox.ts'
import { Inbox } from './inbox.ts'

export interface FollowOptions {
  readonly link: DaemonLink
  readonly threadId: string
  /** Begin behind this id; goes before `from`. Without both: with what comes next. */
  readonly after?: number | undefined
  readonly from?: StartingPoint | undefined
  readonly signal?: AbortSignal | undefined
}

const lost = ['connectionLost', 'timedOut'] as const

/**
 * Gives what gathered since the last time, at least one entry at a time; while the reader is slow the daemon waits. Lost connections
 * are opened again and resume behind the last event. A connection follows a thread once: what follows it a second time takes the first one's
 * place, and leaves with it.
 *
 * @throws ShareError `notFound`, or as `DaemonLink.client`; the signal's reason when it fires
 */
export async function* followThread(options: FollowOptions): AsyncGenerator<readonly FollowEntry[], void, undefined> {
  const { link, signal } = options
  const cursor = new Cursor(options)
  for (;;) {
    signal?.throwIfAborted()
    const client = await untilAborted(link.client(), signal)
    const inbox = new Inbox(client)
    const stopListening = listen(client, options.threadId, cursor, inbox)
    const stop = () => inbox.end()
    signal?.addEventListener('abort', stop)
    try {
      const { head, turn } = await untilAborted(
        client.call('share/subscribe', { threadId: options.threadId, ...cursor.start() }),
        signal,
      )
      cursor.startedAt(head)
      yield [{ kind: 'attached', head, turn }]
      for (let entries = await inbox.take(); entries; entries = await inbox.take()) {
        yield entries
        if (entries.at(-1)?.kind === 'closed') return
      }
    } catch (error) {
      signal?.throwIfAborted()
      if (!isShareError(error, ...lost)) throw error
      // One that took the connection and does not answer hangs: the next connection finds it awake, or another in its place.
      client.close()
    } finally {
      signal?.removeEventListener('abort', stop)
      stopListening()
      inbox.release()
      leave(client, options.threadId)
    }
  }
}

/** Where to resume: behind the last event that was taken in. */
class Cursor {
  private readonly threadId: string
  private readonly from: StartingPoint | undefined
  private last: number | undefined

  constructor({ threadId, after, from }: FollowOptions) {
    this.threadId = threadId
    this.last = after
    this.from = from
  }

  start(): { readonly after?: number; readonly from?: StartingPoint } {
    if (this.last !== undefined) return { after: this.last }
    return this.from ? { from: this.from } : {}
  }

  /** Following from "now" means from this id, also after a break before the first event. */
  startedAt(head: number): void {
    if (this.from === undefined) this.last ??= head
  }

  /** Whether this is the next event of the thread, and not one that was there before. */
  takes({ id, threadId }: EventFrame): boolean {
    if (threadId !== this.threadId || id <= (this.last ?? 0)) return false
    this.last = id
    return true
  }

  skipTo(id: number): void {
    this.last = Math.max(this.last ?? 0, id)
  }
}

function listen(client: DaemonClient, threadId: string, cursor: Cursor, inbox: Inbox): () => void {
  return client.listen({
    onEvent: (frame) => {
      if (cursor.takes(frame)) inbox.addEvent(frame)
    },
    onNotification: (method, params) => {
      const entry = readEntry(method, params, threadId)
      if (entry?.kind === 'gap') cursor.skipTo(entry.gap.to)
      if (entry?.kind === 'caughtUp') cursor.skipTo(entry.id)
      if (entry) inbox.add(entry)
    },
  })
}

/** Undefined for presence, for other threads, and for what a newer daemon may send. */
function readEntry(method: string, params: unknown, threadId: string): FollowEntry | undefined {
  if (method === 'share/gap') {
    const { success, output } = v.safeParse(daemonNotifications['share/gap'], params)
    if (success && output.threadId === threadId) return { kind: 'gap', gap: output }
  } else if (method === 'share/caughtUp') {
    const { success, output } = v.safeParse(daemonNotifications['share/caughtUp'], params)
    if (success && output.threadId === threadId) return { kind: 'caughtUp', id: output.id }
  } else if (method === 'share/closed') {
    const { success, output } = v.safeParse(daemonNotifications['share/closed'], params)
    if (success && output.threadId === threadId) return { kind: 'closed' }
  } else if (method === 'share/ledger') {
    const { success, output } = v.safeParse(daemonNotifications['share/ledger'], params)
    if (success) return { kind: 'ledger', problem: output.problem }
  }
  return undefined
}

function leave(client: DaemonClient, threadId: string): void {
  if (client.closed) return
  // The daemon ends the following with the connection at the latest, so a failure here changes nothing.
  client.call('share/unsubscribe', { threadId }).catch(() => {})
}
