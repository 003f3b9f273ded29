/** Questions of Codex's that wait for an answer, and how they end, as they travel. */
import * as v from 'valibot'
import { ShareError } from './errors.ts'
import { authorSchema } from './events.ts'
import { visibleLine } from './text/visible-text.ts'

const object = v.record(v.string(), v.unknown())

/**
 * A question that waits for an answer: a command or a file change to allow, a permission, a form, … `method` and `params` are the
 * app-server's request verbatim, whatever kind it is. `item` is the item it is about as far as it is known (a file change has its diff
 * there). `approvalId` is short enough to type, and the same after a restart of the daemon.
 */
export const approvalSchema = v.object({
  approvalId: v.string(),
  threadId: v.string(),
  turnId: v.nullable(v.string()),
  askedAt: v.string(),
  method: v.string(),
  params: object,
  item: v.nullable(object),
})
export type Approval = v.InferOutput<typeof approvalSchema>

/**
 * A question that is over. `by` is who answered; null when nobody did (the turn was interrupted, the app-server ended) or it is not
 * known who. `result` is the answer in Codex's words without what is secret in it, null where it is not known.
 */
export const approvalResolvedSchema = v.object({
  threadId: v.string(),
  approvalId: v.string(),
  by: v.nullable(authorSchema),
  result: v.nullable(object),
})
export type ApprovalResolved = v.InferOutput<typeof approvalResolvedSchema>

export const approvalAnsweredMethod = 'share/approvalAnswered'

/**
 * The event that records an answer, whose `by` is who gave it: Codex itself says only that a question is over. `method` and `params` are
 * the question, `result` the answer in Codex's words without what is secret in it. `item` is without its diffs, which are in the item's own
 * events.
 */
export const approvalAnsweredSchema = v.object({
  ...v.pick(approvalSchema, ['approvalId', 'threadId', 'turnId', 'method', 'params', 'item']).entries,
  result: object,
})
export type ApprovalAnswered = v.InferOutput<typeof approvalAnsweredSchema>

/** The error for an answer that comes after the first; `by` is who gave that. */
export function alreadyResolvedError({ approvalId, by }: Pick<ApprovalResolved, 'approvalId' | 'by'>): ShareError {
  const who = by ? ` by ${visibleLine(by.label)}` : ''
  return new ShareError('conflict', `approval ${approvalId} was already resolved${who}`, {
    facts: { approvalId, resolvedBy: by },
    hint: 'The first answer counts; see what waits with `codex-share approvals`.',
  })
}
