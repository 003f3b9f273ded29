/** `share list`: the threads that are open for sharing. */

import { Flags } from '@oclif/core'
import type { DaemonLink } from '../../client/daemon-link.ts'
import { isGone } from '../../platform/places/work-folder.ts'
import { threadList } from '../../render/tables/thread-list.ts'
import { unsharedList } from '../../render/tables/unshared-list.ts'
import { updatedCodex } from '../../render/tables/updated-codex.ts'
import { ConnectedCommand } from '../base/connected-command.ts'

export default class ShareList extends ConnectedCommand {
  static override summary = 'List the shared threads.'
  static override description =
    'The thread that changed last comes first, and is the one that `last` means. Prompts that wait until a thread is free (`codex queue`) are listed below, with their authors.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --all',
    '<%= config.bin %> <%= command.id %> --json',
  ]

  static override flags = {
    all: Flags.boolean({
      description: 'Also list what is open in a plain `codex` and not shared, where `codex-share adopt` is on.',
    }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(ShareList)
    const link = this.connect(flags)
    const { threads: shared, unshared = [] } = await link.read((client) =>
      client.call('share/list', { all: flags.all }),
    )
    const threads = shared.map((thread) => ({
      ...thread,
      ...(!link.isRemote && isGone(thread.cwd) && { folderGone: true as const }),
    }))
    if (flags.json)
      return await this.writeJson([...threads, ...unshared.map((thread) => ({ ...thread, shared: false as const }))])
    if (threads.length === 0) this.notice('No thread is shared. Share one with `codex-share start`.')
    else await this.write(`${threadList(threads, { paint: this.paint, now: Date.now(), ...this.width })}\n`)
    if (unshared.length > 0) await this.write(`${unsharedList(unshared, { paint: this.paint, ...this.width })}\n`)
    else if (flags.all) this.notice('No other thread is open in a plain codex.')
    await this.noticeUpdate(link)
  }

  private async noticeUpdate(link: DaemonLink): Promise<void> {
    // The list is complete without it.
    const status = await link
      .read((client) => client.call('share/status', {}, { timeoutMs: 5000 }))
      .catch(() => undefined)
    const updated = status ? updatedCodex(status.appServer) : null
    if (updated !== null) this.notice(`${updated}.`)
  }
}
