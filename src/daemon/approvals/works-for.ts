/** Finds the shared thread that a sub-agent works for: its own thread is nobody's to follow. */
import type { Approval } from '../../protocol/approvals.ts'
import type { DaemonCore } from '../core.ts'

type Deps = Pick<DaemonCore, 'gateway' | 'finder' | 'slots' | 'log'>

/** Goes up from the sub-agent's thread, which may be the sub-agent of another. Null where no shared thread is found. */
export async function worksFor(
  { gateway, finder, slots, log }: Deps,
  threadId: string,
): Promise<Pick<Approval, 'threadId' | 'turnId'> | null> {
  let id: string | null = threadId
  try {
    while (id !== null && !finder.isShared(id)) id = await parentOf(gateway, id)
  } catch (error) {
    log.warn({ err: error, threadId }, 'it is not known for whom this thread works')
    return null
  }
  return id === null ? null : { threadId: id, turnId: slots.active(id)?.turnId ?? null }
}

async function parentOf(gateway: Deps['gateway'], threadId: string): Promise<string | null> {
  const { thread } = await gateway.onAnyLink((link) => link.request('thread/read', { threadId, includeTurns: false }))
  return thread.parentThreadId ?? null
}
