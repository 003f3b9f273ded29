/** A command or a file change to allow. */
import * as v from 'valibot'
import type { CommandExecutionApprovalDecision } from '../../../generated/codex/v2/CommandExecutionApprovalDecision.ts'
import type { FileChangeApprovalDecision } from '../../../generated/codex/v2/FileChangeApprovalDecision.ts'
import { anyObject, type Decision, type QuestionKind } from './question-kind.ts'

const words = {
  approve: 'accept',
  approveForSession: 'acceptForSession',
  deny: 'decline',
  cancel: 'cancel',
} as const satisfies Record<Decision, CommandExecutionApprovalDecision & FileChangeApprovalDecision>

export function reviewOf(name: 'command' | 'fileChange'): QuestionKind {
  return {
    name,
    audience: 'people',
    schema: v.looseObject({ decision: v.union([v.string(), anyObject]) }),
    example: '{"decision":"accept"}',
    decide: (_params, decision) => ({ decision: words[decision] }),
    endsTurn: ({ decision }) => decision === words.cancel,
    form: null,
  }
}
