/** Our two agents: loaded, started, ended and unloaded, each step believed only when it is seen. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Environment } from '../../platform/places/resolve-places.ts'
import { awakeMs } from '../../platform/time/awake-clock.ts'
import { ShareError } from '../../protocol/errors.ts'
import { launchdFolder } from '../installed-service.ts'
import { launchdLabels } from '../service-units.ts'
import { type LoadedAgent, launchctl, markVariable } from './launchctl.ts'
import { variableIn } from './property-list.ts'

type AgentLabel = (typeof launchdLabels)[keyof typeof launchdLabels]

/** The daemon gives itself 18 s, and launchd kills it after 20. The app-server ends at once on its second SIGTERM. */
const endMs: Readonly<Record<AgentLabel, number>> = { [launchdLabels.daemon]: 20_000, [launchdLabels.appServer]: 5000 }
/** launchd's own end of an agent, with the kill at the end of it, takes no longer. */
const unloadMs = 30_000
const loadMs = 15_000
const startMs = 10_000
const againEveryMs = 200

export function plistOf(env: Environment, label: AgentLabel): string {
  return join(launchdFolder(env), `${label}.plist`)
}

/** The mark in the file of the agent; undefined when there is none. */
export function readMark(env: Environment, label: AgentLabel): string | undefined {
  try {
    return variableIn(readFileSync(plistOf(env, label), 'utf8'), markVariable)
  } catch {
    return undefined // Not installed.
  }
}

interface StartOptions {
  /** Also when it runs: what runs is killed first. */
  readonly again?: boolean
  /** Ends the waiting; it may have started all the same. */
  readonly signal?: AbortSignal | undefined
}

export function launchdAgents(env: Environment) {
  const { run, findLoaded, waitUntil, ownDomain } = launchctl(env)

  const failure = (what: string, label: AgentLabel, said: string) =>
    new ShareError('unavailable', `launchd did not ${what} ${label}${said === '' ? '' : `: ${said}`}`, {
      hint: 'Look at `codex-share service status`; `codex-share service install` loads the agents again.',
    })

  /** Loads what is written, in the place of what may be loaded from an older file. */
  const load = async (label: AgentLabel): Promise<void> => {
    const mark = readMark(env, label) ?? null
    const agents = await findLoaded(label)
    if (agents.some((agent) => agent.mark !== mark)) await unload(label)
    else if (agents.length > 0) return
    const deadline = awakeMs() + loadMs
    for (;;) {
      const domain = await ownDomain()
      if (domain === undefined) throw failure('answer for', label, '')
      // A label that was once disabled would stay so, and the failure says nothing of it.
      await run('enable', `${domain}/${label}`)
      const { complaint } = await run('bootstrap', domain, plistOf(env, label))
      if ((await findLoaded(label)).length > 0) return
      if (awakeMs() > deadline) throw failure('load', label, complaint)
      await delay(againEveryMs)
    }
  }

  const unload = async (label: AgentLabel): Promise<void> => {
    await end(label)
    await bootOut(label)
  }

  /** launchd ends what runs by one SIGTERM, and kills it after a while. */
  const bootOut = async (label: AgentLabel): Promise<void> => {
    const deadline = awakeMs() + unloadMs
    for (let said = ''; ; ) {
      const agents = await findLoaded(label)
      if (agents.length === 0) return
      if (awakeMs() > deadline) throw failure('unload', label, said)
      // While the first request is carried out, others are refused.
      for (const { domain } of agents) said = (await run('bootout', `${domain}/${label}`)).complaint
      await waitUntil(label, (now) => now.length === 0, againEveryMs)
    }
  }

  /** Starts the agent unless it runs, or with `again` in any case; loads it where somebody has unloaded it. */
  const start = async (label: AgentLabel, { again = false, signal }: StartOptions = {}): Promise<void> => {
    if ((await findLoaded(label)).length === 0) await load(label)
    const [agent] = await findLoaded(label)
    if (agent === undefined) throw failure('keep', label, '')
    if (agent.pid !== null && !again) return
    const { complaint } = await run('kickstart', ...(again ? ['-k'] : []), `${agent.domain}/${label}`)
    const isDone = ([now]: LoadedAgent[]) =>
      signal?.aborted === true ||
      (now !== undefined && (now.runs !== agent.runs || (now.pid !== null && now.pid !== agent.pid)))
    if (!(await waitUntil(label, isDone, startMs)) || signal?.aborted) throw failure('start', label, complaint)
  }

  /**
   * Ends what runs of the agent by SIGTERM, again and again, as Codex takes the first for a wish to come to an end some time.
   *
   * @returns false when it keeps running
   */
  const end = async (label: AgentLabel): Promise<boolean> => {
    const [pids, deadline] = [pidsOf(await findLoaded(label)), awakeMs() + endMs[label]]
    for (;;) {
      const running = (await findLoaded(label)).filter(({ pid }) => pid !== null && pids.includes(pid))
      if (running.length === 0) return true
      if (awakeMs() > deadline) return false
      // Of one that has just ended it says that there is no process: the next look sees it.
      for (const { domain } of running) await run('kill', 'SIGTERM', `${domain}/${label}`)
      await waitUntil(label, (now) => !pidsOf(now).some((pid) => pids.includes(pid)), againEveryMs)
    }
  }

  /** Ends the agent for good: one that keeps running, or that launchd would start again as it did not end well, is unloaded. */
  const stop = async (label: AgentLabel): Promise<void> => {
    if (!(await end(label)) || (await findLoaded(label)).some(({ pid, problem }) => pid !== null || problem !== null))
      await bootOut(label)
  }

  return { findLoaded, ownDomain, load, unload, start, end, stop }
}

function pidsOf(agents: readonly LoadedAgent[]): number[] {
  return agents.flatMap(({ pid }) => pid ?? [])
}
