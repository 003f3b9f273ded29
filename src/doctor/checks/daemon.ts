/** Checks that the daemon answers, and is the program that is installed. */
import { realPlace } from '../../platform/places/same-place.ts'
import { otherHomeError } from '../../protocol/other-home.ts'
import type { DaemonStatus } from '../../protocol/status.ts'
import type { Check, DaemonSight } from '../check.ts'
import { type Finding, ok } from '../finding.ts'

export const daemon: Check = {
  name: 'Daemon',
  run: ({ daemon: sight, programVersion, codexHome }) => [
    judgeDaemon(sight, programVersion),
    ...(sight.state === 'running' ? judgeHome(sight.status.appServer.codexHome, codexHome) : []),
    ...(sight.state === 'running' ? judgeConnections(sight.status) : []),
  ],
}

/** `running` is the home of the app-server that runs, as it spells it; `own` is this environment's, as a real path. */
export function judgeHome(running: string | null, own: string): Finding[] {
  const home = running === null ? own : realPlace(running)
  if (home === own) return []
  const { message, hint } = otherHomeError('acting from here', { caller: own, daemon: home })
  return [{ level: 'warning', what: message, why: 'Threads, login and settings are those of one home.', fix: hint }]
}

export function judgeConnections({ connectionProblem }: Pick<DaemonStatus, 'connectionProblem'>): Finding[] {
  if (!connectionProblem) return []
  return [
    {
      level: 'warning',
      what: `connections were refused in the last minute: ${connectionProblem}`,
      why: 'Commands and UIs that would be one too many cannot be served.',
      fix: 'End what holds them, or raise `limits.connections` in the settings; then `codex-share daemon restart`.',
    },
  ]
}

export function judgeDaemon(sight: DaemonSight, programVersion: string): Finding {
  if (sight.state === 'unwell')
    return { level: 'problem', what: sight.message, why: 'No command can reach shared threads.', fix: sight.hint }
  if (sight.state !== 'running') return ok('not running (the next command starts it)')
  const { version, pid, programChanged } = sight.status.daemon
  if (version !== programVersion || programChanged)
    return {
      level: 'warning',
      what: `the daemon (pid ${pid}) is version ${version}, and ${version === programVersion ? 'its program has changed on disk' : `this program is ${programVersion}`}`,
      why: 'It goes on with the old program until it is restarted. Running turns go on over a restart.',
      fix: 'codex-share daemon restart',
    }
  return ok(`running: version ${version}, pid ${pid}`)
}
