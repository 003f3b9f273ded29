/** Puts the daemon together: the socket first, then the ledger, then the link to Codex; and takes it apart in the other order. */

import { InstalledCodex } from '../../codex/binary/installed-codex.ts'
import type { AppServerManager } from '../../codex/supervision/acquire-managed-app-server.ts'
import { startSupervisor } from '../../codex/supervision/app-server-supervisor.ts'
import type { Logger } from '../../platform/logging/log.ts'
import type { Environment, Places } from '../../platform/places/resolve-places.ts'
import type { Settings } from '../../platform/settings/settings.ts'
import { programVersion } from '../../protocol/version.ts'
import { createChannelServer } from '../../rpc/node-ipc-channel.ts'
import { Approvals } from '../approvals/approvals.ts'
import { worksFor } from '../approvals/works-for.ts'
import { CodexGateway } from '../codex-link/codex-gateway.ts'
import { createThreadRouter } from '../codex-link/user-codex-server.ts'
import { openCodexSocket } from '../codex-socket/open-codex-socket.ts'
import type { DaemonCore } from '../core.ts'
import { welcomePeer } from '../daemon-socket/welcome-peer.ts'
import { Gate } from '../gate/gate.ts'
import { HealSlots } from '../gate/heal-slots.ts'
import { RequestBook } from '../gate/request-book.ts'
import { restoreSlots } from '../gate/restore-slots.ts'
import { Peers } from '../peers/peers.ts'
import { Feed } from '../publishing/feed.ts'
import { Recorder } from '../publishing/recorder.ts'
import { openQueues } from '../queue/open-queues.ts'
import { TurnSlots } from '../slots/turn-slots.ts'
import { claimSocket } from '../sockets/claim-socket.ts'
import { ThreadSettingsStore } from '../thread-settings/thread-settings.ts'
import { MissedItems } from '../threads/missed-items.ts'
import { NotificationRecorder } from '../threads/notification-recorder.ts'
import { StoredTurns } from '../threads/stored-turns.ts'
import { ThreadDirectory } from '../threads/thread-directory.ts'
import { ThreadSync } from '../threads/thread-sync.ts'
import { examineInAProcess } from '../upkeep/examine-in-a-process.ts'
import { Exposure } from '../upkeep/exposure.ts'
import { LedgerCheck } from '../upkeep/ledger-check.ts'
import { watchProgram } from '../upkeep/program-watch.ts'
import { startRetentionTimer } from '../upkeep/retention-timer.ts'
import { findDaemonCodex, homeFolder } from './find-daemon-codex.ts'
import { homeInUse } from './home-in-use.ts'
import { noteOwner } from './note-owner.ts'
import { openLedgerWhenFree } from './open-ledger-when-free.ts'

export interface StartDaemonOptions {
  readonly env: Environment
  readonly places: Places
  readonly settings: Settings
  readonly log: Logger
  /** Replace a daemon that runs. */
  readonly takeOver: boolean
  /** From `--codex-bin`. */
  readonly codexBin: string | undefined
  /** The script that was started, to notice when it changes on disk. */
  readonly programFile: string
  /** Sockets that a service manager has handed over: descriptors by path. */
  readonly inherited: ReadonlyMap<string, number>
  /** Keeps the app-server instead of us. */
  readonly manager: AppServerManager | undefined
  /** Null when the journal has it. */
  readonly logFile: string | null
  /** Does work for whose time nothing else goes on, and nobody is to take the daemon for hung. */
  readonly standStill: <T>(work: () => T) => T
  /** Called when the daemon is to end: a client asked for it, or another daemon has the socket. */
  readonly onLeave: (leave: { readonly appServer: boolean; readonly reason: string }) => void
}

export interface RunningDaemon {
  readonly started: true
  /** Ends in bounded time. The app-server goes on unless `appServer` is true. Idempotent. */
  close(options: { readonly appServer: boolean }): Promise<void>
}

/** Another daemon is there already. */
export interface OtherDaemon {
  readonly started: false
  readonly pid: number
  readonly version: string
}

/**
 * Starts the daemon.
 *
 * Clients are accepted from the first moment and served once the ledger is open. Codex may come later: what needs it waits for it.
 *
 * @throws ShareError `unavailable` or `conflict` when the socket or the ledger cannot be had.
 */
export async function startDaemon(options: StartDaemonOptions): Promise<RunningDaemon | OtherDaemon> {
  const { env, places, log, logFile, takeOver, inherited, manager, codexBin, programFile, standStill, onLeave } =
    options
  const { limits, retention } = options.settings
  const claim = await claimSocket({
    places,
    takeOver,
    inherited,
    maxConnections: limits.connections,
    onLost: (reason) => onLeave({ appServer: false, reason }),
    onTrouble: (message) => log.warn(message),
  })
  if (!claim.won) return { started: false, pid: claim.pid, version: claim.version }
  const { listener, former } = claim
  const ledger = await openLedgerWhenFree({ places, former }).catch(async (error: unknown) => {
    await listener.close()
    throw error
  })
  if (ledger.setAside)
    log.error({ setAside: ledger.setAside }, 'the ledger was corrupt: it was set aside and a new one begun')
  const exposure = new Exposure({ env, places, threads: ledger.threads, programFile, settings: options.settings })
  const { settings } = exposure
  if (exposure.state.problem !== null) log.warn(exposure.state, 'settings are refused')
  const owner = await noteOwner(places, env, log)

  const feed = new Feed(ledger.events, limits.queuedBytes)
  const recorder = new Recorder({
    ledger,
    log,
    publish: (threadId, events) => feed.publish(threadId, events),
    onProblem: (problem) => peers.tellFollowers('share/ledger', { problem }),
    onMissed: (threadIds) => {
      for (const threadId of threadIds) {
        threadSync.detach(threadId, undefined)
        directory.followAgain(threadId).catch((error: unknown) => log.error({ err: error, threadId }, 'not caught up'))
      }
    },
  })
  const requests = new RequestBook({ ledger, recorder })
  const slots = new TurnSlots()
  const peers = new Peers()
  const approvals = new Approvals({
    ledger,
    recorder,
    peers,
    worksFor: (threadId) => worksFor({ gateway, directory, slots, log }, threadId),
  })
  const threadSettings = new ThreadSettingsStore()
  const missedItems = new MissedItems({ ledger, recorder })
  const notifications = new NotificationRecorder({
    ...{ ledger, recorder, slots, approvals, threadSettings, missedItems, log },
    onIdle: (threadId) => healSlots.noteIdle(threadId),
  })
  const { codexQueue, ...queueing } = openQueues({ ledger, recorder, peers, slots, log }, () => core)
  const { queues, queueDrain } = queueing
  const threadSync = new ThreadSync({
    ...{ ledger, recorder, slots, feed, notifications, threadSettings, missedItems, codexQueue, log },
    stored: new StoredTurns({ ledger, recorder, notifications, log }),
  })
  restoreSlots(ledger, slots)
  const findOurs = () => findDaemonCodex({ env, codexBin, settings, programFile, exposure })
  const supervisor = startSupervisor({
    socketPath: places.appServerSocket,
    recordPath: places.appServerRecord,
    logPath: places.appServerLog,
    client: { name: 'codex-share', version: programVersion },
    env: { ...env },
    cwd: homeFolder(),
    spawn: manager === undefined,
    manager,
    findCodex: findOurs,
    onNotification: (notification) => threadSync.receive(notification),
    // Questions stay open in Codex for whoever can answer; the daemon answers none by itself.
    onRequest: (request) => approvals.onRequest(request, (id, result) => supervisor.link?.respond(id, result)),
    onReady: ({ link, info }) => {
      // Not even the digests of its keys.
      log.info({ ...info, keys: undefined }, 'linked to the Codex app-server')
      threadSync.linkUp(router.route(link), router.threadsElsewhere)
      gateway.wake()
      queueDrain.lookAtAll()
    },
    onDown: (end) => {
      log.warn({ why: end.why, detail: end.message }, 'the link to the Codex app-server ended')
      approvals.cancelAll()
    },
    onTrouble: (error, retryInMs) => {
      log.warn({ problem: error.message, retryInMs }, 'the Codex app-server is not there')
      gateway.wake()
    },
  })
  const router = createThreadRouter({ supervisor, approvals, threadSync, feed, log, directory: () => directory })
  const gateway = new CodexGateway(() => supervisor, router)
  const directory = new ThreadDirectory({ ledger, recorder, threadSync, gateway, slots, peers, queues })
  const timeoutMs = limits.upstreamSeconds * 1000
  const healSlots = new HealSlots({ ledger, recorder, notifications, slots, threadSync, gateway, log, timeoutMs })
  const examine = examineInAProcess({ programFile, ledgerFile: ledger.file })
  const ledgerCheck = new LedgerCheck({ soundness: ledger.soundness, log, isIdle: () => slots.size === 0, examine })
  const core: DaemonCore = {
    places,
    settings,
    exposure,
    log,
    logFile,
    startedAt: new Date().toISOString(),
    ledger,
    ledgerCheck,
    recorder,
    feed,
    slots,
    peers,
    approvals,
    threadSync,
    notifications,
    threadSettings,
    directory,
    gate: new Gate({
      ...{ ledger, recorder, requests, slots, threadSettings },
      ...{ threadSync, notifications, directory, gateway, log, timeoutMs },
    }),
    queues,
    queueDrain,
    gateway,
    supervisor,
    installedCodex: new InstalledCodex({ find: findOurs, env: { ...env } }),
    codexHome: homeInUse(supervisor, env),
    programChanged: watchProgram(programFile),
    standStill,
    shutDown: onLeave,
  }
  const pruning = startRetentionTimer(ledger, retention, log)
  const channels = createChannelServer({
    maxFrameBytes: limits.frameBytes,
    frameTimeoutMs: 30_000,
    maxQueuedBytes: Math.max(64 * 1024 * 1024, limits.queuedBytes * 4),
  })
  // First, so that whoever was answered on the one socket finds the other.
  const codexSocket = await openCodexSocket(core, inherited.get(places.codexSocket))
  listener.serve((socket) => welcomePeer(core, socket, channels))
  log.info({ endpoint: places.daemonSocket, pid: process.pid, version: programVersion }, 'the daemon serves')

  let closing: Promise<void> | undefined
  const end = async (appServer: boolean) => {
    pruning.close()
    queueing.close()
    ledgerCheck.close()
    healSlots.close()
    const unlistened = Promise.all([listener.close(), codexSocket.close()])
    recorder.flush()
    await channels.stop()
    await unlistened
    await router.close()
    await supervisor.close({ stopAppServer: appServer })
    recorder.close()
    await owner.remove()
    ledger.close()
    log.info('the daemon has ended')
  }
  return {
    started: true,
    close: ({ appServer }) => {
      closing ??= end(appServer)
      return closing
    },
  }
}
