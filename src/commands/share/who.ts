/** `share who`: who is connected. */
import { Flags } from '@oclif/core'
import { peerList } from '../../render/tables/thread-list.ts'
import { ConnectedCommand } from '../base/connected-command.ts'

export default class ShareWho extends ConnectedCommand {
  static override summary = 'Show who is connected.'
  static override description = 'With --thread only those who follow that thread; this command itself is left out.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --thread last',
  ]

  static override flags = {
    thread: Flags.string({
      char: 't',
      helpValue: 'THREAD',
      description: 'Only those on this thread: its id, the beginning of its id, its name, or `last`.',
    }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(ShareWho)
    const link = this.connect(flags)
    const thread =
      flags.thread === undefined ? {} : { threadId: (await this.resolveToRead(link, flags.thread)).threadId }
    const { peers } = await link.read((client) => client.call('share/who', thread))
    const others = peers.filter(({ pid }) => pid !== process.pid)
    if (flags.json) await this.writeJson(others)
    else if (others.length === 0) this.notice('Nobody else is connected.')
    else await this.write(`${peerList(others, { paint: this.paint, now: Date.now(), ...this.width })}\n`)
  }
}
