/** `share stop`: closes the sharing of a thread. */
import { ConnectedCommand, threadFlag } from '../base/connected-command.ts'

export default class ShareStop extends ConnectedCommand {
  static override summary = 'Stop sharing a thread.'
  static override description =
    'Those who follow it are told. The thread itself stays in Codex, and what was recorded stays readable; what waits in its queue is dropped. Refused while a turn runs.'
  static override examples = ['<%= config.bin %> <%= command.id %> --thread release']

  static override flags = { thread: threadFlag }

  override async run(): Promise<void> {
    const { flags } = await this.parse(ShareStop)
    const client = await this.connect(flags, { toAct: 'stop' }).client()
    const { thread } = await client.call('share/resolve', { thread: flags.thread, open: false })
    const { threadId } = thread
    const { unsent = 0 } = await client.call('share/close', { threadId })
    if (flags.json) await this.writeJson({ threadId, unsent })
    else await this.write(`No longer shared: ${threadId}\n`)
    if (unsent > 0) this.notice(`Prompts that waited in its queue and went with it: ${unsent}.`)
  }
}
