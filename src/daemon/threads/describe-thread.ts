/** Describes shared threads as clients see them. */
import type { ThreadRow } from '../../ledger/thread-store.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { SharedThread } from '../../protocol/methods.ts'
import type { ThreadQueue } from '../../protocol/queue.ts'
import type { DaemonCore } from '../core.ts'

type Deps = Pick<DaemonCore, 'ledger' | 'peers' | 'slots' | 'queues' | 'gateway'>

/** @throws ShareError `notFound` */
export function describeThread(deps: Deps, threadId: string): SharedThread {
  const row = deps.ledger.threads.get(threadId)
  if (!row) throw new ShareError('notFound', `thread ${threadId} is not shared`)
  return describeRow(deps, row, { peers: deps.peers.count(threadId), queue: deps.queues.describe(threadId) })
}

/** All that are shared, the last used first. What can be is asked for once and not for each: there may be thousands. */
export function describeShared(deps: Deps): SharedThread[] {
  const { ledger, peers, queues } = deps
  const waiting = new Set(ledger.queue.threads())
  const counts = peers.counts()
  return ledger.threads.listOpen().map((row) => {
    const { threadId } = row
    const queue = waiting.has(threadId) ? queues.describe(threadId) : undefined
    return describeRow(deps, row, { peers: counts.get(threadId) ?? 0, queue })
  })
}

interface Around {
  /** How many have it open. */
  readonly peers: number
  readonly queue: ThreadQueue | undefined
}

function describeRow({ ledger, slots, gateway }: Deps, row: ThreadRow, { peers, queue }: Around): SharedThread {
  const { threadId, name, cwd, preview, openedMs, updatedMs, archived } = row
  return {
    threadId,
    name,
    cwd,
    preview,
    openedAt: new Date(openedMs).toISOString(),
    updatedAt: new Date(updatedMs).toISOString(),
    head: ledger.events.head(threadId),
    peers,
    turn: slots.active(threadId),
    ...(queue && { queue }),
    ...(archived === 1 && { archived: true as const }),
    ...(gateway.isInUserServer(threadId) && { openIn: 'codex' as const }),
  }
}
