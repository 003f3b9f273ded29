/** Starts the link to Codex, and the one to the user's Codex server once a thread is open there. */
import { InstalledCodex } from '../../codex/binary/installed-codex.ts'
import { startSupervisor } from '../../codex/supervision/app-server-supervisor.ts'
import { readKeptEnvironment } from '../../platform/environment/kept-environment.ts'
import { programVersion } from '../../protocol/version.ts'
import type { DaemonCore } from '../core.ts'
import type { Threads } from './build-threads.ts'
import { openStage, type Stage } from './close-stack.ts'
import { findDaemonCodex, homeFolder } from './find-daemon-codex.ts'
import { homeInUse } from './home-in-use.ts'
import type { Storage } from './open-storage.ts'
import type { StartDaemonOptions } from './start-daemon-options.ts'

export type StartedLink = Pick<DaemonCore, 'supervisor' | 'installedCodex' | 'codexHome'>

/** Codex may come later: requests that need it wait for its link in the gateway. */
export function startLink(
  options: StartDaemonOptions,
  { exposure, settings, feed }: Storage,
  { approvals, threadSync, directory, gateway, queueDrain, userCodexServer }: Threads,
): Promise<Stage<StartedLink>> {
  const { env, places, log, manager, codexBin, programFile } = options
  const { router } = userCodexServer
  const findCodex = () => findDaemonCodex({ env, codexBin, settings, programFile, exposure })
  return openStage((stack) => {
    const supervisor = startSupervisor({
      socketPath: places.appServerSocket,
      recordPath: places.appServerRecord,
      logPath: places.appServerLog,
      client: { name: 'codex-share', version: programVersion },
      // Read before each start, as `adopt --refresh` changes it.
      env: () => ({ ...env, ...readKeptEnvironment(places) }),
      cwd: homeFolder(),
      spawn: manager === undefined,
      manager,
      findCodex,
      onNotification: (notification) => threadSync.receive(notification),
      // Questions stay open in Codex until a peer answers; the daemon answers none by itself.
      onRequest: (request) => approvals.onRequest(request, (id, result) => gateway.current?.respond(id, result)),
      onReady: ({ link, info }) => {
        // Not even the digests of its keys.
        log.info({ ...info, keys: undefined }, 'linked to the Codex app-server')
        threadSync.linkUp(router.route(link), router.threadsInUserServer)
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
    stack.use({ close: ({ appServer }) => supervisor.close({ stopAppServer: appServer }) })
    gateway.start(supervisor)
    userCodexServer.start({ supervisor, approvals, threadSync, feed, directory })
    stack.use(userCodexServer)
    return {
      supervisor,
      installedCodex: new InstalledCodex({ find: findCodex, env: { ...env } }),
      codexHome: homeInUse(supervisor, env),
    }
  })
}
