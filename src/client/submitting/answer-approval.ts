/** Finds the approval that is meant, and answers it. */
import { type Approval, alreadyResolvedError } from '../../protocol/approvals.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { DaemonClient } from '../connection/daemon-client.ts'

export interface WhichApproval {
  readonly threadId?: string | undefined
  /** The beginning of its id; without it the only one that waits. */
  readonly approvalId?: string | undefined
}

/** @throws ShareError `notFound` when none is meant; `conflict` when it was settled already, with `facts.resolvedBy`; `usage` when several are, with `facts.candidates`. */
export async function findApproval(client: DaemonClient, { threadId, approvalId }: WhichApproval): Promise<Approval> {
  const { approvals, resolved } = await client.call('share/approvals', threadId === undefined ? {} : { threadId })
  const meant = approvals.filter((approval) => approval.approvalId.startsWith(approvalId ?? ''))
  const [first, ...others] = meant
  if (first && others.length === 0) return first
  const candidates = meant.map((approval) => approval.approvalId)
  if (first)
    throw new ShareError('usage', `${candidates.length} approvals wait: say which one is meant`, {
      facts: { candidates },
      hint: `One of ${candidates.join(', ')}; see what they are with \`codex-share approvals\`.`,
    })
  const over = approvalId === undefined ? undefined : resolved.findLast((end) => end.approvalId.startsWith(approvalId))
  if (over) throw alreadyResolvedError(over)
  throw new ShareError('notFound', approvalId === undefined ? 'no approval waits' : `no approval ${approvalId} waits`, {
    hint: 'See what waits with `codex-share approvals`.',
  })
}

/** @throws ShareError `conflict` when somebody was faster, with `facts.resolvedBy`. */
export async function answerApproval(
  client: DaemonClient,
  { threadId, approvalId }: Approval,
  result: Readonly<Record<string, unknown>>,
): Promise<void> {
  await client.call('share/answer', { threadId, approvalId, result })
}
