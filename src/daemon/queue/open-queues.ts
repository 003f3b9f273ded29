/** Puts the queues together: what waits, what is taken over from Codex, and what submits it. */
import type { DaemonCore } from '../core.ts'
import { CodexQueue } from './codex-queue.ts'
import { QueueDrain } from './queue-drain.ts'
import { ThreadQueues } from './thread-queues.ts'

type Deps = Pick<DaemonCore, 'ledger' | 'recorder' | 'peers' | 'slots' | 'log'>
/** Used once the daemon is whole. */
type Later = () => Pick<DaemonCore, 'gateway' | 'directory' | 'gate'>

export function openQueues(deps: Deps, core: Later) {
  const queues = new ThreadQueues(deps)
  const queueDrain = new QueueDrain({ ...deps, queues, core })
  const codexQueue = new CodexQueue({ ...deps, queues, core, onWaiting: (threadId) => queueDrain.look(threadId) })
  return {
    queues,
    queueDrain,
    codexQueue,
    close: () => {
      queueDrain.close()
      codexQueue.close()
    },
  }
}
