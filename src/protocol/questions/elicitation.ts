/** A question of a tool server: a form, an address to open, or Codex's own question whether a tool may be called. */
import * as v from 'valibot'
import type { Approval } from '../approvals.ts'
import { listOf, memberOf } from '../json/read-json.ts'
import { parseAnswer } from './parse-answer.ts'
import { type Answer, type Decision, isYes, type QuestionKind } from './question-kind.ts'

export const elicitation: QuestionKind = {
  name: 'elicitation',
  audience: 'people',
  schema: v.looseObject({ action: v.string() }),
  example: '{"action":"accept","content":{},"_meta":null}',
  decide,
  endsTurn: () => false,
  form: { takesText: false, fill, parse: (_params, text) => fill(parseAnswer(text)) },
}

function fill(content: Readonly<Record<string, unknown>>): Answer {
  return { action: 'accept', content, _meta: null }
}

/** A form with fields is not answered by a yes. Codex's own question whether a tool may be called says how long a yes can hold. */
function decide({ mode, requestedSchema, _meta }: Approval['params'], decision: Decision): Answer | undefined {
  if (!isYes(decision)) return { action: decision === 'deny' ? 'decline' : 'cancel', content: null, _meta: null }
  if (decision === 'approveForSession' && !offersSession(_meta)) return undefined
  const meta = decision === 'approveForSession' ? { persist: 'session' } : null
  if (mode === 'url') return { action: 'accept', content: null, _meta: meta }
  return hasNoFields(requestedSchema) ? { action: 'accept', content: {}, _meta: meta } : undefined
}

function offersSession(meta: unknown): boolean {
  return listOf(memberOf(meta, 'persist')).includes('session')
}

function hasNoFields(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false
  const fields = 'properties' in schema ? schema.properties : {}
  return typeof fields === 'object' && fields !== null && Object.keys(fields).length === 0
}
