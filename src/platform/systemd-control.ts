/** The units of the user's systemd, started and stopped. */
import type { Environment } from './runtime-dir.ts'
import type { ServiceControl } from './service-control.ts'
import { systemdUnits } from './service-units.ts'
import { systemctl, systemctlOrThrow } from './systemctl.ts'

const { socket, daemon, appServer } = systemdUnits

export function systemdControl(env: Environment): ServiceControl {
  const run = async (...args: string[]) => void (await systemctlOrThrow(args, env))
  /** A unit that failed too often is not started again before this, and its socket with it. Nothing to forget is no error. */
  const forgetFailures = (...units: string[]) => systemctl(['reset-failed', ...units], env)
  return {
    kind: 'systemd',
    async startDaemon() {
      await forgetFailures(socket, daemon)
      await run('start', socket, daemon)
    },
    async restartDaemon() {
      await forgetFailures(socket, daemon)
      // The socket stays as it is: whoever connects meanwhile waits.
      await run('restart', daemon)
    },
    // The socket first: a client that connects in between would start the daemon again.
    stopDaemon: () => run('stop', socket, daemon),
    async startAppServer() {
      await forgetFailures(appServer)
      await run('start', appServer)
    },
    async restartAppServer() {
      await forgetFailures(appServer)
      await run('restart', appServer)
    },
    stopAppServer: () => run('stop', appServer),
  }
}
