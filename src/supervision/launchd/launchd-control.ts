/** The agents of the user's launchd, started and stopped. */
import { existsSync } from 'node:fs'
import type { Environment, Places } from '../../platform/places/resolve-places.ts'
import { isSoWithin } from '../../platform/time/within.ts'
import type { ServiceControl } from '../service-manager.ts'
import { launchdLabels } from '../service-units.ts'
import { lastErrors } from './agent-logs.ts'
import { launchdAgents } from './agents.ts'

const { daemon, appServer } = launchdLabels
/** The daemon gives itself 18 s for its end. */
const leavingMs = 20_000
const lookEveryMs = 50

type OwnPlaces = Pick<Places, 'daemonSocket' | 'daemonLog'>

export function launchdControl(env: Environment, places: OwnPlaces): ServiceControl {
  const agents = launchdAgents(env)
  let firstRuns: number | null | undefined

  /** One that runs and has no socket is about to have it, or on its way out. */
  const untilSettled = async () => {
    const isSettled = async () => existsSync(places.daemonSocket) || !(await isRunning())
    await isSoWithin(leavingMs, isSettled, lookEveryMs)
  }
  const isRunning = async () => (await agents.findLoaded(daemon)).some(({ pid }) => pid !== null)

  return {
    kind: 'launchd',
    async startDaemon() {
      await untilSettled()
      await agents.start(daemon)
    },
    // Not by `kickstart -k`, which kills: clients would be cut in the middle of an answer.
    restartDaemon: async () => await agents.start(daemon, { again: !(await agents.end(daemon)) }),
    // Ends with code 0, which the agent's KeepAlive takes for a wish.
    stopDaemon: () => agents.stop(daemon),
    startAppServer: (signal) => agents.start(appServer, { signal }),
    restartAppServer: async (signal) =>
      await agents.start(appServer, { again: !(await agents.end(appServer)), signal }),
    stopAppServer: () => agents.stop(appServer),
    appServerPid: async () => (await agents.findLoaded(appServer))[0]?.pid ?? null,
    async daemonFailure() {
      const [agent] = await agents.findLoaded(daemon)
      firstRuns ??= agent?.runs
      if (!agent || agent.pid !== null) return null
      const said = lastErrors(places)
      // It refuses to start, and says so by ending well: see `exitCodeUnder`.
      if (agent.problem === null) return said || null
      // launchd starts it again. Once may have been an accident.
      const isLooping = (agent.runs ?? 0) > (firstRuns ?? 0) + 1
      return isLooping ? `${agent.problem}${said && `: ${said}`}` : null
    },
  }
}
