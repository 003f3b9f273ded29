/** Checks that the app-server is there, as far as the daemon knows. */
import { rotatedKeys } from '../../client/rotated-keys.ts'
import type { Environment } from '../../platform/places/resolve-places.ts'
import type { DaemonStatus } from '../../protocol/status.ts'
import type { Check } from '../check.ts'
import { type Finding, ok } from '../finding.ts'

export const appServer: Check = {
  name: 'App-server',
  run: ({ daemon, env }) =>
    daemon.state === 'running'
      ? [judgeAppServer(daemon.status.appServer), ...judgeKeys(daemon.status.appServer, env)]
      : [ok('not asked: the daemon is not running')],
}

function judgeKeys(appServer: Pick<DaemonStatus['appServer'], 'keys' | 'startedAt'>, env: Environment): Finding[] {
  const rotated = rotatedKeys(appServer, env)
  if (!rotated) return []
  const why = 'A running app-server keeps the keys that it was started with, also when they are no longer valid.'
  return [{ level: 'warning', what: rotated.what, why, fix: 'codex-share daemon restart --app-server' }]
}

export function judgeAppServer({ state, version, pid, problem }: DaemonStatus['appServer']): Finding {
  const facts = `${version === null ? '' : `, Codex ${version}`}${pid === null ? '' : `, pid ${pid}`}`
  // What keeps a running one from working is about the account or the config, and shown with the login.
  if (state === 'ready') return ok(`ready${facts}`)
  return {
    level: state === 'degraded' ? 'problem' : 'warning',
    what: `${state}${facts}: ${problem ?? 'no link to it yet'}`,
    why: 'History can be read, but no turn can be started.',
    fix: state === 'draining' ? 'Wait for its last turn to end.' : 'codex-share daemon logs --lines 20',
  }
}
