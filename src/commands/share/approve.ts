/** `share approve`: says yes to what Codex asks. */
import { Flags } from '@oclif/core'
import type { Approval } from '../../protocol/approvals.ts'
import { ShareError } from '../../protocol/errors.ts'
import { parseAnswer } from '../../protocol/questions/parse-answer.ts'
import { answerTo, questionKindOf } from '../../protocol/questions/question-kinds.ts'
import { AnswerCommand, approvalArg, approvalThreadFlag } from '../base/answer-command.ts'

export default class ShareApprove extends AnswerCommand {
  static override summary = 'Say yes to what Codex asks.'
  static override description =
    'The first answer counts, whoever gives it: a later one is refused (exit code 9) with who was first.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> 3f9a2c1d --session',
    `<%= config.bin %> <%= command.id %> 3f9a2c1d --answer '{"name":"release"}'`,
  ]

  static override args = { approval: approvalArg }
  static override flags = {
    thread: approvalThreadFlag,
    // Before those that it excludes: oclif writes the usage line in this order.
    result: Flags.string({
      helpValue: 'JSON',
      exclusive: ['answer', 'session'],
      description: 'The very result that Codex expects for a question of this kind.',
    }),
    session: Flags.boolean({ description: 'Also for the like of it, as long as the thread stays loaded.' }),
    answer: Flags.string({
      helpValue: 'TEXT',
      exclusive: ['session'],
      description: 'The answer to a question, or the fields of a form as a JSON object.',
    }),
  }

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(ShareApprove)
    await this.settle(flags, args.approval, (approval) => {
      if (flags.result !== undefined) return parseAnswer(flags.result)
      if (flags.answer !== undefined) return questionKindOf(approval.method).form?.parse(approval.params, flags.answer)
      return flags.session ? answerForSession(approval) : answerTo(approval, 'approve')
    })
  }
}

function answerForSession(approval: Approval) {
  const answer = answerTo(approval, 'approveForSession')
  if (!answer && answerTo(approval, 'approve'))
    throw new ShareError('usage', `approval ${approval.approvalId} can only be given once, and not for the session`, {
      hint: 'Leave out --session.',
    })
  return answer
}
