/** Asserts that the user has a systemd of their own, and says what to do where that is not so. */

import type { Environment } from '../../platform/places/resolve-places.ts'
import { userNameOrId } from '../../platform/places/user-name.ts'
import { ShareError } from '../../protocol/errors.ts'
import { refuseSudo } from '../refuse-sudo.ts'
import { enableLingerCommand } from './linger.ts'
import { systemctl } from './systemctl.ts'

const notNeeded =
  'Nothing has to be installed: every command starts the daemon when it is missing. To keep it up all the same, let whatever keeps programs running here run `codex-share daemon run` as you.'

/** What `is-system-running` says of a manager that answers; `offline` and silence mean that there is none. */
const running: ReadonlySet<string> = new Set(['initializing', 'starting', 'running', 'degraded', 'maintenance'])

/** @throws ShareError `unavailable` */
export async function assertSystemd(env: Environment): Promise<void> {
  const { missing, stdout, complaint } = await systemctl(['is-system-running'], env)
  if (running.has(stdout.trim())) return
  if (missing) throw new ShareError('unavailable', 'there is no systemd here (no `systemctl`)', { hint: notNeeded })
  const why = complaint || `it is ${stdout.trim() || 'silent'}`
  refuseSudo(env)
  const [uid, username] = [process.getuid?.(), userNameOrId()]
  throw new ShareError('unavailable', `systemd does not run for the user ${username}: ${why}`, {
    hint:
      uid === 0
        ? `Run it as the user whose threads are to be shared. ${notNeeded}`
        : `Log in as ${username} directly (console, ssh) and not with su or sudo, or let an administrator run \`${enableLingerCommand(username)}\`. In a container without systemd: ${notNeeded}`,
  })
}
