/** What an answer in Codex's words has at least, for each kind of question. What it may have beyond that, and which words, is Codex's to judge. */
import * as v from 'valibot'
import type { Approval } from './approvals.ts'
import { ShareError } from './errors.ts'

const object = v.looseObject({})
const decision = {
  schema: v.looseObject({ decision: v.union([v.string(), object]) }),
  example: '{"decision":"accept"}',
}

const forms: Readonly<Record<string, { readonly schema: v.GenericSchema; readonly example: string }>> = {
  'item/commandExecution/requestApproval': decision,
  'item/fileChange/requestApproval': decision,
  'item/permissions/requestApproval': {
    schema: v.looseObject({ permissions: object }),
    example: '{"permissions":{},"scope":"turn"}',
  },
  'mcpServer/elicitation/request': {
    schema: v.looseObject({ action: v.string() }),
    example: '{"action":"accept","content":{},"_meta":null}',
  },
  'item/tool/requestUserInput': {
    schema: v.looseObject({ answers: v.record(v.string(), v.looseObject({ answers: v.array(v.string()) })) }),
    example: '{"answers":{"ID":{"answers":["TEXT"]}}}',
  },
  'item/tool/call': {
    schema: v.looseObject({ contentItems: v.array(object), success: v.boolean() }),
    example: '{"contentItems":[],"success":true}',
  },
}

/**
 * Codex does not reply to an answer: a wrong one would look to its giver as if all were well.
 *
 * @throws ShareError `usage` for what is plainly no answer to this kind of question; a kind that is not known here takes any
 */
export function refuseWrongForm({ method }: Pick<Approval, 'method'>, result: Readonly<Record<string, unknown>>): void {
  const form = Object.hasOwn(forms, method) ? forms[method] : undefined
  if (!form || v.is(form.schema, result)) return
  throw new ShareError('usage', `this is no answer to ${method}: ${JSON.stringify(result).slice(0, 200)}`, {
    hint: `An answer to it looks like ${form.example}`,
  })
}
