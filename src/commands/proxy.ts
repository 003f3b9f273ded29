/** `proxy`: makes its stdin and stdout a connection to the daemon, which is what ssh needs. */
import { connect } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { Flags } from '@oclif/core'
import { endpointName } from '../client/connection/endpoint.ts'
import { probeSocket } from '../client/connection/probe-socket.ts'
import { ensureDaemon } from '../client/daemon-control/ensure-daemon.ts'
import { resolvePlaces } from '../platform/places/resolve-places.ts'
import { ShareError } from '../protocol/errors.ts'
import { BaseCommand } from './base/base-command.ts'

export default class StdioProxy extends BaseCommand {
  static override summary = 'Connect stdin and stdout to the daemon, for `--server ssh://…` on another machine.'
  static override description = 'Starts the daemon when it is missing. Ends when either side does.'
  static override examples = ['ssh build.example codex-share proxy']

  static override flags = {
    socket: Flags.string({ helpValue: 'PATH', description: "The daemon's socket. Without it your own daemon's." }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(StdioProxy)
    const path = flags.socket ?? (await this.ownSocket())
    const probe = await probeSocket(path)
    if (probe.state !== 'open')
      throw new ShareError(
        'unavailable',
        `cannot reach the daemon at ${endpointName({ path })}: ${probe.error.message}`,
      )
    probe.channel.close()
    const socket = connect(path)
    // Whichever side ends first ends the other; what was on its way still arrives.
    await Promise.race([pipeline(process.stdin, socket), pipeline(socket, process.stdout, { end: false })]).catch(
      (error: unknown) => {
        if (!isHangUp(error)) throw error
      },
    )
    socket.destroy()
    this.exit(0)
  }

  private async ownSocket(): Promise<string> {
    const own = resolvePlaces(process.env)
    const { channel, places } = await ensureDaemon({ places: own, notice: this.notice })
    channel.close()
    return places.daemonSocket
  }
}

/** The daemon was restarted, or the other machine went away: both are an end like any other. */
function isHangUp(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE'
}
