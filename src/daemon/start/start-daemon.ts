/** Starts the daemon in stages: its socket, the storage, the threads, the link to Codex, the clients. It ends in the reverse order. */
import type { Supervisor } from '../../codex/supervision/app-server-supervisor.ts'
import { runtimeFolder, workInFolder } from '../../platform/places/own-folders.ts'
import { thisSystem } from '../../platform/system/this-system.ts'
import { Adoption } from '../adoption/adoption.ts'
import type { DaemonCore } from '../core.ts'
import { claimSocket } from '../sockets/claim-socket.ts'
import { limitConnections } from '../sockets/connection-limits.ts'
import { buildThreads } from './build-threads.ts'
import { type DaemonEnd, openStage } from './close-stack.ts'
import { openStorage } from './open-storage.ts'
import { serveSockets } from './serve-sockets.ts'
import type { StartDaemonOptions } from './start-daemon-options.ts'
import { startLink } from './start-link.ts'
import { startUpkeep } from './start-upkeep.ts'

export interface RunningDaemon {
  readonly started: true
  /** Ends in bounded time. The app-server keeps running unless `appServer` is true. Idempotent. */
  close(end: DaemonEnd): Promise<void>
}

/** Another daemon is there already. */
export interface OtherDaemon {
  readonly started: false
  readonly pid: number
  readonly version: string
}

/**
 * Clients are accepted from the first moment and served once the ledger is open. Codex may come later: requests that need it wait for
 * its link.
 *
 * @throws ShareError `unavailable` or `conflict` when the socket or the ledger cannot be had.
 */
export async function startDaemon(options: StartDaemonOptions): Promise<RunningDaemon | OtherDaemon> {
  const { places, settings, log, takeOver, inherited, logFile, standStill, onLeave } = options
  const connectionLimits = limitConnections(settings.limits.connections, log)
  const claim = await workInFolder(runtimeFolder(places), () =>
    claimSocket({
      places,
      takeOver,
      inherited,
      maxConnections: connectionLimits.daemon.mostAccepted,
      onLost: (reason) => onLeave({ appServer: false, reason }),
      onTrouble: (message) => log.warn(message),
    }),
  )
  if (!claim.won) return { started: false, pid: claim.pid, version: claim.version }
  const daemon = await openStage(async (stages) => {
    const codexSocketFd = inherited.get(places.codexSocket)
    const listening = await openStage((stack) => stack.use(claim.listener))
    stages.use(listening)
    const storage = stages.open(await openStorage(options, claim.former))
    const threads = stages.open(await buildThreads(options, storage))
    const link = stages.open(await startLink(options, storage, threads))
    const upkeep = stages.use(await startUpkeep(options, { ...storage, ...threads }))
    const adoption = new Adoption({
      codexHome: link.codexHome,
      hindrance: () => hindranceOf(link.supervisor),
      maxConnections: connectionLimits.codex.mostAccepted,
      log,
    })
    const core: DaemonCore = {
      ...{ ...storage, ...threads, ...link, ...upkeep.parts },
      ...{ places, log, logFile, standStill, connectionLimits, adoption, shutDown: onLeave },
      startedAt: new Date().toISOString(),
      startToken: await thisSystem.startTokenOf(process.pid),
    }
    stages.use(await serveSockets(core, { listening, codexSocketFd, limits: settings.limits }))
    // Before the sockets: nothing is submitted any more while they close.
    stages.use(threads.background)
    stages.use(upkeep)
  })
  return { started: true, close: daemon.close }
}

function hindranceOf({ link, problem }: Pick<Supervisor, 'link' | 'problem'>): string | null {
  if (link) return null
  return problem === null ? 'the Codex app-server is being started' : `there is no Codex app-server: ${problem}`
}
