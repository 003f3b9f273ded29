/** The units of the user's systemd, started and stopped. */
import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Environment } from '../../platform/places/resolve-places.ts'
import type { ServiceControl } from '../service-manager.ts'
import { refusals, systemdUnits } from '../service-units.ts'
import { lastComplaint } from './journal.ts'
import { systemctl, systemctlOrThrow } from './systemctl.ts'

const { socket, daemon, appServer } = systemdUnits

const looks = 5
const betweenLooksMs = 60

function failureIn(shown: string): string | null {
  if (/^Result=start-limit-hit$/m.test(shown)) return 'it failed too often'
  const [, code] = /^ExecMainStatus=(\d+)$/m.exec(shown) ?? []
  return refusals.has(Number(code)) ? `it ended with exit code ${code}` : null
}

export function systemdControl(env: Environment, daemonSocket: string): ServiceControl {
  const run = (...args: string[]) => systemctlOrThrow(args, env)
  /** A unit that failed too often is not started again before this, and its socket with it. Nothing to forget is no error. */
  const forgetFailures = (...units: string[]) => systemctl(['reset-failed', ...units], env)
  return {
    kind: 'systemd',
    async startDaemon() {
      await forgetFailures(socket, daemon)
      await run('start', socket, daemon)
      // Somebody has deleted it: systemd does not look, and would keep listening where nobody can connect.
      if (!existsSync(daemonSocket)) await run('restart', socket, daemon)
    },
    async restartDaemon() {
      await forgetFailures(socket, daemon)
      // The socket stays as it is where it can: clients that connect in between wait.
      await (existsSync(daemonSocket) ? run('restart', daemon) : run('restart', socket, daemon))
    },
    // The socket first: a client that connects in between would start the daemon again.
    stopDaemon: async () => void (await run('stop', socket, daemon)),
    async startAppServer(signal) {
      await forgetFailures(appServer)
      await systemctlOrThrow(['start', appServer], env, signal)
    },
    async restartAppServer(signal) {
      await forgetFailures(appServer)
      await systemctlOrThrow(['restart', appServer], env, signal)
    },
    stopAppServer: async () => void (await run('stop', appServer)),
    async appServerPid() {
      const { stdout } = await systemctl(['show', '--property=MainPID', '--value', appServer], env)
      return Number(stdout) || null
    },
    async daemonFailure() {
      // One that refuses to start lets its clients go a moment before it ends.
      let why: string | null = null
      for (let look = 0; look < looks; look += 1) {
        why = failureIn(await run('show', '--property=Result,ExecMainStatus', daemon))
        // What it said may be in the journal a moment after it has ended.
        const words = why === null ? '' : await lastComplaint(env)
        if (words !== '') return `${why}: ${words}`
        await delay(betweenLooksMs)
      }
      return why
    },
  }
}
