/** Talks to the user's launchd. Believed is what `print` says of a label: the other verbs answer before they have finished. */

import type { Environment } from '../../platform/places/resolve-places.ts'
import { runTool, type ToolResult } from '../../platform/system/run-tool.ts'
import { isSoWithin } from '../../platform/time/within.ts'

/** An agent of ours, in a domain that it is loaded in. */
export interface LoadedAgent {
  readonly domain: string
  /** Null while it does not run. */
  readonly pid: number | null
  /** How often it was started since it was loaded; null where launchd does not say. */
  readonly runs: number | null
  /** How its last run ended; null when none has, or well. */
  readonly problem: string | null
  /** Of the property list that it was loaded from. */
  readonly mark: string | null
}

/** In an agent's environment: marks which file is loaded, to compare with the one that is written. */
export const markVariable = 'CODEX_SHARE_AGENT'

export function launchctl(env: Environment, uid = process.getuid?.()) {
  // A graphical login has the first; an ssh login, with nobody at the screen, only the second.
  const domains = [`gui/${uid}`, `user/${uid}`] as const
  const run = (...args: string[]): Promise<ToolResult> => runTool('launchctl', args, { env: { ...env } })
  const look = async (domain: string, label: string) => {
    const { code, stdout } = await run('print', `${domain}/${label}`)
    return code === 0 ? [agentIn(domain, stdout)] : []
  }
  /** In both: what was loaded over ssh is not in the domain of the screen. One that runs comes first. */
  const findLoaded = async (label: string): Promise<LoadedAgent[]> => {
    const found = (await Promise.all(domains.map((domain) => look(domain, label)))).flat()
    return found.sort((a, b) => Number(a.pid === null) - Number(b.pid === null))
  }
  return {
    run,
    findLoaded,
    /** The domain to load agents into; undefined where launchd does not answer for this user. */
    async ownDomain(): Promise<string | undefined> {
      for (const domain of domains) if ((await run('print', domain)).code === 0) return domain
      return undefined
    },
    /** Waits until it is so; false when it is not so within so many milliseconds. */
    waitUntil: (label: string, isSo: (agents: LoadedAgent[]) => boolean, withinMs: number) =>
      isSoWithin(withinMs, async () => isSo(await findLoaded(label)), lookEveryMs),
  }
}

const lookEveryMs = 100

/** From lines such as `state = running`, `pid = 501`, `last exit code = 0`, `CODEX_HOME => /Users/me/.codex`. */
function agentIn(domain: string, printed: string): LoadedAgent {
  const value = (key: string) => new RegExp(`^\\s*${key} =>? (.+)$`, 'm').exec(printed)?.[1]
  const [pid, runs, code, signal] = ['pid', 'runs', 'last exit code', 'last terminating signal'].map(value)
  const ended = code !== undefined && /^[1-9]/.test(code) ? `exit code ${code}` : undefined
  return {
    domain,
    pid: Number(pid) || null,
    runs: runs === undefined ? null : Number(runs),
    problem: signal === undefined ? (ended ?? null) : `ended by signal (${signal})`,
    mark: value(markVariable) ?? null,
  }
}
