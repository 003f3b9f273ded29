/** `share approvals`: what waits for a person's answer. */
import { approvalText } from '../../render/questions/approval-text.ts'
import { approvalThreadFlag } from '../base/answer-command.ts'
import { ConnectedCommand } from '../base/connected-command.ts'

export default class ShareApprovals extends ConnectedCommand {
  static override summary = 'Show what Codex asks, in full, and has no answer to yet.'
  static override description =
    'Commands, file changes with their diff, permissions, questions and forms, of all shared threads.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --thread last --json',
  ]

  static override flags = { thread: approvalThreadFlag }

  override async run(): Promise<void> {
    const { flags } = await this.parse(ShareApprovals)
    const link = this.connect(flags)
    const thread =
      flags.thread === undefined ? {} : { threadId: (await this.resolveToRead(link, flags.thread)).threadId }
    const { approvals } = await link.read((client) => client.call('share/approvals', thread))
    if (flags.json) return await this.writeJson(approvals)
    if (approvals.length === 0) return this.notice('No approval waits.')
    const options = { paint: this.paint, now: Date.now(), commandToCopy: this.commandToCopy }
    await this.write(approvals.map((approval) => approvalText(approval, options)).join('\n'))
  }
}
