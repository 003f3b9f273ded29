/** Builds all that knows of threads, from the way to Codex up to the gate and the queues. Nothing is linked yet. */
import { PrivateThreads } from '../adoption/private-threads.ts'
import { Approvals } from '../approvals/approvals.ts'
import { worksFor } from '../approvals/works-for.ts'
import { CodexGateway } from '../codex-link/codex-gateway.ts'
import { UserCodexServer } from '../codex-link/user-codex-server.ts'
import type { DaemonCore } from '../core.ts'
import { Gate } from '../gate/gate.ts'
import { HealSlots } from '../gate/heal-slots.ts'
import { RequestBook } from '../gate/request-book.ts'
import { restoreSlots } from '../gate/restore-slots.ts'
import { CodexQueue } from '../queue/codex-queue.ts'
import { QueueDrain } from '../queue/queue-drain.ts'
import { ThreadQueues } from '../queue/thread-queues.ts'
import { TurnSlots } from '../slots/turn-slots.ts'
import { ThreadSettingsStore } from '../thread-settings/thread-settings.ts'
import { MissedItems } from '../threads/missed-items.ts'
import { NotificationRecorder } from '../threads/notification-recorder.ts'
import { StoredTurns } from '../threads/stored-turns.ts'
import { ThreadDirectory } from '../threads/thread-directory.ts'
import { ThreadFinder } from '../threads/thread-finder.ts'
import { ThreadSync } from '../threads/thread-sync.ts'
import { type Closable, openStage, type Stage } from './close-stack.ts'
import { LateListener } from './late-listener.ts'
import type { Storage } from './open-storage.ts'
import type { StartDaemonOptions } from './start-daemon-options.ts'

export interface Threads
  extends Pick<
      DaemonCore,
      'slots' | 'threadSettings' | 'approvals' | 'notifications' | 'threadSync' | 'finder' | 'gateway'
    >,
    Pick<DaemonCore, 'privateThreads' | 'directory' | 'gate' | 'queues' | 'queueDrain'> {
  readonly userCodexServer: UserCodexServer
  /** What acts without being asked; closed again by the stage itself. */
  readonly background: Closable
}

export function buildThreads(
  { log, settings }: Pick<StartDaemonOptions, 'log' | 'settings'>,
  storage: Storage,
): Promise<Stage<Threads>> {
  return openStage((stack) => {
    const { ledger, recorder, feed, peers } = storage
    const timeoutMs = settings.limits.upstreamSeconds * 1000
    const slots = new TurnSlots()
    restoreSlots(ledger, slots)
    const threadSettings = new ThreadSettingsStore()
    const userCodexServer = new UserCodexServer(log)
    const gateway = new CodexGateway(userCodexServer.router)
    const privateThreads = new PrivateThreads()
    const finder = new ThreadFinder({ ledger, gateway, privateThreads })
    const basics = { ledger, recorder, slots, gateway, log, privateThreads }

    const approvals = new Approvals({
      ...{ ledger, recorder, peers },
      worksFor: (threadId) => worksFor({ gateway, finder, slots, log }, threadId),
    })
    const queues = new ThreadQueues({ ledger, recorder, peers })
    const waiting = new LateListener<string>()
    const codexQueue = stack.use(new CodexQueue({ ...basics, queues, onWaiting: waiting.call }))

    const missedItems = new MissedItems({ ledger, recorder })
    const idle = new LateListener<string>()
    const recording = { ...basics, threadSettings, missedItems }
    const notifications = new NotificationRecorder({ ...recording, approvals, onIdle: idle.call })
    const stored = new StoredTurns({ ledger, recorder, notifications, log })
    const threadSync = new ThreadSync({ ...recording, feed, notifications, codexQueue, stored })
    const directory = new ThreadDirectory({ ...basics, finder, threadSync })

    const requests = new RequestBook({ ledger, recorder })
    const acting = { ...basics, threadSync, notifications, timeoutMs }
    const gate = new Gate({ ...acting, requests, threadSettings, directory })
    const queueDrain = stack.use(new QueueDrain({ ...basics, queues, directory, gate }))
    const healSlots = stack.use(new HealSlots(acting))

    // The calls upwards: from parts to those that were built on them.
    waiting.set((threadId) => queueDrain.look(threadId))
    idle.set((threadId) => healSlots.noteIdle(threadId))
    storage.missed.set((threadIds) => {
      for (const threadId of threadIds) {
        threadSync.detach(threadId, undefined)
        directory.followAgain(threadId).catch((error: unknown) => log.error({ err: error, threadId }, 'not caught up'))
      }
    })
    return {
      ...{ privateThreads, slots, threadSettings, userCodexServer, gateway, finder, approvals, queues },
      ...{ notifications, threadSync, directory, gate, queueDrain },
      background: stack,
    }
  })
}
