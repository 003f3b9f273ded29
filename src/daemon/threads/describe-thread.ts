/** Describes a shared thread as clients see it. */
import { ShareError } from '../../protocol/errors.ts'
import type { SharedThread } from '../../protocol/methods.ts'
import type { DaemonCore } from '../core.ts'

type Deps = Pick<DaemonCore, 'ledger' | 'peers' | 'slots' | 'queues' | 'gateway'>

/** @throws ShareError `notFound` */
export function describeThread({ ledger, peers, slots, queues, gateway }: Deps, threadId: string): SharedThread {
  const queue = queues.describe(threadId)
  const row = ledger.threads.get(threadId)
  if (!row) throw new ShareError('notFound', `thread ${threadId} is not shared`)
  const { name, cwd, preview, openedMs, updatedMs, archived } = row
  return {
    threadId,
    name,
    cwd,
    preview,
    openedAt: new Date(openedMs).toISOString(),
    updatedAt: new Date(updatedMs).toISOString(),
    head: ledger.events.head(threadId),
    peers: peers.count(threadId),
    turn: slots.active(threadId),
    ...(queue && { queue }),
    ...(archived === 1 && { archived: true as const }),
    ...(gateway.isInUserServer(threadId) && { openIn: 'codex' as const }),
  }
}
