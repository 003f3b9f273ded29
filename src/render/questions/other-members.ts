/**
 * Lists the members of an approval that are shown nowhere else, as they came, so that nobody agrees to something that was left out. Pure.
 */
import type { Approval } from '../../protocol/approvals.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { namedLines } from './approval-details.ts'

/** Members that say nothing to a person, are shown in a way of their own, or are offers that a plain yes does not take up. */
const shownOtherwise = new Set([
  'approvalId',
  'availableDecisions',
  'command',
  'commandActions',
  'environmentId',
  'isBlocking',
  'itemId',
  'kind',
  'proposedExecpolicyAmendment',
  'proposedNetworkPolicyAmendments',
  'questions',
  'startedAtMs',
  'threadId',
  'turnId',
])

/** `name  value`, with further lines indented; without the members that the caller shows itself. */
export function otherMembers(params: Approval['params'], shown: readonly string[]): string[] {
  return Object.entries(params)
    .filter(([name, value]) => !shownOtherwise.has(name) && !shown.includes(name) && value !== null)
    .flatMap(([name, value]) => namedLines(`${visibleLine(name)}  `, value))
}
