/** `daemon status`: how the daemon and what it keeps are doing. */
import { endpointName } from '../../client/connection/endpoint.ts'
import { findDaemon } from '../../client/connection/find-daemon.ts'
import { serviceFailure } from '../../client/daemon-control/control-by-service.ts'
import { rotatedKeys } from '../../client/rotated-keys.ts'
import { ShareError } from '../../protocol/errors.ts'
import { daemonStatus } from '../../render/tables/daemon-status.ts'
import { DaemonCommand } from '../base/daemon-command.ts'

export default class DaemonStatus extends DaemonCommand {
  static override summary = 'Show how the daemon is doing.'
  static override description = 'Exit code 0 when it runs, 5 when it does not. Never starts it.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']

  override async run(): Promise<void> {
    const { flags } = await this.parse(DaemonStatus)
    await this.refuseWhenNotRunning()
    const client = await this.open({ start: false })
    const status = await client.call('share/status', {}, { timeoutMs: 5000 })
    if (flags.json) return await this.writeJson(status)
    const { what, fix } = rotatedKeys(status.appServer, process.env) ?? {}
    const rotated = what === undefined ? null : `${what}: ${fix}`
    await this.write(`${daemonStatus(status, { paint: this.paint, now: Date.now(), rotated, ...this.width })}\n`)
  }

  private async refuseWhenNotRunning(): Promise<void> {
    const { places, probe } = await findDaemon(this.places)
    const path = places.daemonSocket
    if (probe.state === 'open') probe.channel.close()
    if (probe.state !== 'absent' && probe.state !== 'dead') return
    const failure = await serviceFailure(places)
    const why = failure === null ? '' : `; the service does not start it: ${failure}`
    throw new ShareError('unavailable', `no daemon is running at ${endpointName({ path })}${why}`, {
      facts: { endpoint: endpointName({ path }), running: false },
      hint: '`codex-share daemon start` starts it; so does every command that needs it.',
    })
  }
}
