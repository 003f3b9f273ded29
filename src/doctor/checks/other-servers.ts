/** Looks at where a plain `codex` looks for its background server: whether that is the daemon, a server of the user's own, or what one has left. */
import { existsSync } from 'node:fs'
import { type EnvironmentFacts, environmentFacts } from '../../client/adopt.ts'
import { controlSocketPath } from '../../platform/places/codex-home.ts'
import type { AdoptionStatus } from '../../protocol/status.ts'
import type { Check } from '../check.ts'
import { type Finding, ok } from '../finding.ts'
import { isSocketAlive } from '../is-socket-alive.ts'

export const otherServers: Check = {
  name: 'Plain codex',
  async run({ codexHome, daemon, places, env, settings }) {
    const adoption = daemon.state === 'running' ? daemon.status.adoption : undefined
    if (daemon.state === 'running' && adoption && adoption.state !== 'off')
      return [
        judgeAdoption(adoption),
        ...judgeEnvironment(await environmentFacts(places, daemon.status.appServer, env)),
      ]
    const path = controlSocketPath(codexHome)
    const other = judgeOtherServer(path, existsSync(path), await isSocketAlive(path))
    return [other, ...(settings.adopt && daemon.state !== 'running' ? [notServed] : [])]
  },
}

const notServed: Finding = {
  level: 'warning',
  what: 'every plain codex is to come through the daemon, and the daemon does not run',
  why: 'A plain codex that starts now gets a background server of its own, which stays.',
  fix: 'codex-share daemon start',
}

export function judgeAdoption({ path, state, holder, problem }: AdoptionStatus): Finding {
  if (state === 'listening') return ok(`every new plain codex comes through the daemon (${path})`)
  if (state === 'foreign')
    return {
      level: 'note',
      what: `your own Codex runs a background server${holder === null ? '' : ` (pid ${holder})`}, so that a plain codex does not come through the daemon`,
      why: 'The daemon takes its place as soon as it ends. Until then, prompts typed there bypass codex-share.',
      fix: 'codex app-server daemon stop',
    }
  return {
    level: 'warning',
    what: `a plain codex does not come through the daemon: ${problem ?? 'the place is being taken'}`,
    why: 'One that starts now gets a background server of its own, which stays.',
    fix: 'codex-share daemon logs --lines 20',
  }
}

export function judgeEnvironment({ differs }: EnvironmentFacts): Finding[] {
  if (differs.length === 0) return []
  return [
    {
      level: 'note',
      what: `the app-server has other values than this shell: ${differs.join(', ')}`,
      why: 'Commands of threads that were not started in a plain codex see the app-server’s.',
      fix: 'codex-share adopt --refresh',
    },
  ]
}

export function judgeOtherServer(path: string, there: boolean, alive: boolean): Finding {
  if (alive)
    return {
      level: 'note',
      what: `your own Codex runs a background server (${path})`,
      why: 'A thread that is open there can be shared as it is, and stays there. What is typed there goes past codex-share: while a turn runs it is merged into that turn.',
    }
  if (there)
    return {
      level: 'note',
      what: `a background server of Codex has left its socket: ${path}`,
      why: 'Nobody listens there. Codex itself was seen to stumble over what such a server leaves.',
      fix: 'codex app-server daemon stop',
    }
  return ok('no other server of Codex')
}
