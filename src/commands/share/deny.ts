/** `share deny`: says no to what Codex asks. */
import { Flags } from '@oclif/core'
import { answerTo } from '../../protocol/questions/question-kinds.ts'
import { AnswerCommand, approvalArg, approvalThreadFlag } from '../base/answer-command.ts'

export default class ShareDeny extends AnswerCommand {
  static override summary = 'Say no to what Codex asks.'
  static override description =
    'Codex is told, and goes on without it; with --cancel the turn ends where Codex can do that.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> 3f9a2c1d --cancel',
  ]

  static override args = { approval: approvalArg }
  static override flags = {
    thread: approvalThreadFlag,
    cancel: Flags.boolean({ description: 'End the turn as well.' }),
  }

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(ShareDeny)
    await this.settle(flags, args.approval, (approval) => answerTo(approval, flags.cancel ? 'cancel' : 'deny'))
  }
}
