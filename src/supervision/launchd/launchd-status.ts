/** Judges how an agent is doing. */
import type { UnitStatus } from '../service-manager.ts'
import type { LoadedAgent } from './launchctl.ts'

interface AgentFacts {
  readonly installed: boolean
  /** Undefined when launchd has none of that label loaded. */
  readonly agent: LoadedAgent | undefined
  /** In the file that is there. */
  readonly mark: string | undefined
  /** Why it does not run, in its own words; empty when it said nothing. */
  readonly said: string
}

export function launchdStatus(name: string, { installed, agent, mark, said }: AgentFacts): UnitStatus {
  const failure = agent?.pid === null ? [agent.problem, said].filter(Boolean).join(': ') || null : null
  const isOutdated = installed && agent !== undefined && agent.mark !== (mark ?? null)
  return {
    name,
    installed,
    enabled: agent !== undefined,
    state: agent === undefined ? null : agent.pid !== null ? 'active' : failure !== null ? 'failed' : 'inactive',
    problem: failure ?? (isOutdated ? 'loaded from an older file: run `codex-share service install`' : null),
    pid: agent?.pid ?? null,
    restarts: agent?.runs ? agent.runs - 1 : null,
  }
}
