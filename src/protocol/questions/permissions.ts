/** Permissions beyond those of the sandbox: granted as they are asked for, and nothing granted is the way to say no. */
import * as v from 'valibot'
import type { Approval } from '../approvals.ts'
import { anyObject, type Decision, isYes, type QuestionKind } from './question-kind.ts'

export const permissions: QuestionKind = {
  name: 'permissions',
  audience: 'people',
  schema: v.looseObject({ permissions: anyObject }),
  example: '{"permissions":{},"scope":"turn"}',
  decide,
  endsTurn: () => false,
  form: null,
}

function decide({ permissions }: Approval['params'], decision: Decision) {
  const scope = decision === 'approveForSession' ? 'session' : 'turn'
  if (!isYes(decision)) return { permissions: {}, scope }
  const asked = typeof permissions === 'object' && permissions !== null ? Object.entries(permissions) : []
  return { permissions: Object.fromEntries(asked.filter(([, wish]) => wish !== null)), scope }
}
