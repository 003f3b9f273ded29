/** `share/approvals`, `share/answer`: what waits for a person, and the answers. */
import { ShareError } from '../../../protocol/errors.ts'
import type { Handler } from '../handler.ts'

export const onListApprovals: Handler<'share/approvals'> = ({ approvals }, { threadId }) => ({
  approvals: approvals.list(threadId),
  resolved: approvals.lastResolved(threadId),
})

export const onAnswer: Handler<'share/answer'> = ({ approvals }, { threadId, approvalId, result }, peer) => {
  if (!peer.answers || !peer.author)
    throw new ShareError('denied', 'share/answer: this connection did not say that it answers approvals', {
      hint: 'Say `share: {answers: true}` with initialize.',
    })
  approvals.answer(threadId, approvalId, result, peer.author)
  return {}
}
