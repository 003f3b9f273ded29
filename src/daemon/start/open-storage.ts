/** Opens what the daemon keeps: the ledger with its owner record, what writes to it, and what hands its events on. */

import type { DaemonCore } from '../core.ts'
import { Peers } from '../peers/peers.ts'
import { Feed } from '../publishing/feed.ts'
import { Recorder } from '../publishing/recorder.ts'
import type { Former } from '../sockets/claim-socket.ts'
import { Exposure } from '../upkeep/exposure.ts'
import { openStage, type Stage } from './close-stack.ts'
import { LateListener } from './late-listener.ts'
import { noteOwner } from './note-owner.ts'
import { openLedgerWhenFree } from './open-ledger-when-free.ts'
import type { StartDaemonOptions } from './start-daemon-options.ts'

export interface Storage extends Pick<DaemonCore, 'ledger' | 'recorder' | 'feed' | 'peers' | 'exposure' | 'settings'> {
  /** Called with threads of which the ledger misses events: they are to be caught up from Codex's own history. */
  readonly missed: LateListener<ReadonlySet<string>>
}

/** @throws ShareError `unavailable` or `conflict` when the ledger cannot be had */
export function openStorage(
  { env, places, settings, log, programFile }: StartDaemonOptions,
  former: Former,
): Promise<Stage<Storage>> {
  return openStage(async (stack) => {
    const ledger = stack.use(await openLedgerWhenFree({ places, former }))
    if (ledger.setAside)
      log.error({ setAside: ledger.setAside }, 'the ledger was corrupt: it was set aside and a new one begun')
    const exposure = new Exposure({ env, places, threads: ledger.threads, programFile, settings })
    if (exposure.state.problem !== null) log.warn(exposure.state, 'settings are refused')
    const owner = await noteOwner({ places, env, log })
    stack.use({ close: () => owner.remove() })

    const peers = new Peers()
    const feed = new Feed(ledger.events, settings.limits.queuedBytes)
    const missed = new LateListener<ReadonlySet<string>>()
    const recorder = stack.use(
      new Recorder({
        ledger,
        log,
        publish: (threadId, events) => feed.publish(threadId, events),
        onProblem: (problem) => peers.tellFollowers('share/ledger', { problem }),
        onMissed: missed.call,
      }),
    )
    return { ledger, exposure, settings: exposure.settings, peers, feed, recorder, missed }
  })
}
