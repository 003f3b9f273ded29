/** Does the daemon answer, and is it the program that is installed? */
import type { Check, DaemonSight } from '../check.ts'
import { type Finding, ok } from '../finding.ts'

export const daemon: Check = {
  name: 'Daemon',
  run: ({ daemon: sight, programVersion }) => [judgeDaemon(sight, programVersion)],
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
