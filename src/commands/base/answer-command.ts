/** The base of `share approve` and `share deny`: finds the approval, answers it, says so. */

import { Args, Flags } from '@oclif/core'
import { answerApproval, findApproval } from '../../client/submitting/answer-approval.ts'
import type { Approval } from '../../protocol/approvals.ts'
import { ShareError } from '../../protocol/errors.ts'
import { safeJson } from '../../protocol/text/safe-json.ts'
import { ConnectedCommand, type ConnectionFlags, labelOf } from './connected-command.ts'

export const approvalArg = Args.string({
  name: 'approval',
  description: 'The beginning of its id, as `approvals` shows it. Without it the only one that waits.',
})

export const approvalThreadFlag = Flags.string({
  char: 't',
  helpValue: 'THREAD',
  description: 'Only of this thread: its id, the beginning of its id, its name, or `last`.',
})

interface AnswerFlags extends ConnectionFlags {
  readonly thread?: string | undefined
  readonly json?: boolean | undefined
}

export abstract class AnswerCommand extends ConnectedCommand {
  /** `answer` gives the result in Codex's words; undefined where its kind needs more than a yes or no. */
  protected async settle(
    flags: AnswerFlags,
    approvalId: string | undefined,
    answer: (approval: Approval) => Readonly<Record<string, unknown>> | undefined,
  ): Promise<void> {
    const link = this.connect(flags, {
      toAct: 'answering',
      identity: { kind: 'script', label: labelOf(flags.as), answers: true },
    })
    const threadId = flags.thread === undefined ? undefined : (await this.resolveToRead(link, flags.thread)).threadId
    const client = await link.client()
    const approval = await findApproval(client, { threadId, approvalId })
    const result = answer(approval)
    if (!result)
      throw new ShareError('usage', `approval ${approval.approvalId} (${approval.method}) needs more than a yes`, {
        hint: 'Give --answer with the text or the fields of the form, or --result with what Codex expects.',
      })
    await answerApproval(client, approval, result)
    if (flags.json) await this.writeJson({ threadId: approval.threadId, approvalId: approval.approvalId, result })
    else this.notice(`${approval.approvalId}: ${safeJson(result)}`)
  }
}
