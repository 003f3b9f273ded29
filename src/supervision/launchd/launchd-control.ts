/** The agents of the user's launchd, started and stopped. */

import { runTool } from '../../platform/run-tool.ts'
import type { Environment } from '../../platform/runtime-dir.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { ServiceControl } from '../service-control.ts'
import { launchdLabels } from '../service-units.ts'

/**
 * The domain that agents live in: the graphical login's, else the background one that an ssh login has.
 *
 * Believed is what `print` says of the label, for `bootstrap` and `bootout` report before they have finished.
 */
export async function launchdDomain(env: Environment, uid = process.getuid?.()): Promise<string> {
  const { code } = await runTool('launchctl', ['print', `gui/${uid}`], { env: { ...env } })
  return code === 0 ? `gui/${uid}` : `user/${uid}`
}

export function launchdControl(env: Environment): ServiceControl {
  const run = async (verb: string, label: string, ...flags: string[]) => {
    const target = `${await launchdDomain(env)}/${label}`
    const { code, complaint } = await runTool('launchctl', [verb, ...flags, target], { env: { ...env } })
    if (code === 0) return
    throw new ShareError('unavailable', `\`launchctl ${verb} ${target}\` failed: ${complaint || `exit code ${code}`}`, {
      hint: 'Run `codex-share service install` to load the agents again.',
    })
  }
  const { daemon, appServer } = launchdLabels
  return {
    kind: 'launchd',
    startDaemon: () => run('kickstart', daemon),
    restartDaemon: () => run('kickstart', daemon, '-k'),
    // Ends with code 0, which the agent's KeepAlive takes for a wish.
    stopDaemon: () => run('kill', daemon, 'SIGTERM'),
    startAppServer: () => run('kickstart', appServer),
    restartAppServer: () => run('kickstart', appServer, '-k'),
    stopAppServer: () => run('kill', appServer, 'SIGTERM'),
    appServerPid: async () => null,
    daemonFailure: async () => null,
  }
}
