/** Questions of Codex's that a person answers: what travels of them, and what yes and no are in Codex's words for each kind. */
import * as v from 'valibot'
import { authorSchema } from './events.ts'

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
 * The event that records an answer, whose `by` is who gave it: Codex itself says only that a question is over. `method` and `params` are the
 * question, `result` the answer in Codex's words without what is secret in it. `item` is without its diffs, which are in the item's own events.
 */
export const approvalAnsweredSchema = v.object({
  ...v.pick(approvalSchema, ['approvalId', 'threadId', 'turnId', 'method', 'params', 'item']).entries,
  result: object,
})
export type ApprovalAnswered = v.InferOutput<typeof approvalAnsweredSchema>

/** `approveForSession` allows the like for as long as the thread is loaded; `cancel` denies and ends the turn where Codex can do that. */
export type Decision = 'approve' | 'approveForSession' | 'deny' | 'cancel'

/**
 * A plain decision as the result that Codex expects for this kind of question; undefined where yes or no is no answer to it (a form to
 * fill in, a tool of the client's own, a kind that is not known here).
 */
export function answerTo({ method, params }: Pick<Approval, 'method' | 'params'>, decision: Decision) {
  switch (method) {
    case 'item/commandExecution/requestApproval':
    case 'item/fileChange/requestApproval':
      return { decision: reviewWords[decision] }
    case 'item/permissions/requestApproval':
      return permissionAnswer(params, decision)
    case 'mcpServer/elicitation/request':
      return elicitationAnswer(params, decision)
    case 'item/tool/requestUserInput':
      return isYes(decision) ? undefined : { answers: {} }
    case 'item/tool/call':
      return isYes(decision) ? undefined : { contentItems: [], success: false }
    default:
      return undefined
  }
}

const reviewWords = {
  approve: 'accept',
  approveForSession: 'acceptForSession',
  deny: 'decline',
  cancel: 'cancel',
} as const satisfies Record<Decision, string>

function isYes(decision: Decision): boolean {
  return decision === 'approve' || decision === 'approveForSession'
}

/** What was asked for is granted as it was asked; nothing granted is the way to say no. */
function permissionAnswer({ permissions }: Approval['params'], decision: Decision) {
  const scope = decision === 'approveForSession' ? 'session' : 'turn'
  if (!isYes(decision)) return { permissions: {}, scope }
  const asked = typeof permissions === 'object' && permissions !== null ? Object.entries(permissions) : []
  return { permissions: Object.fromEntries(asked.filter(([, wish]) => wish !== null)), scope }
}

/** A form with fields is not answered by a yes. Codex's own question whether a tool may be called says how long a yes can hold. */
function elicitationAnswer({ mode, requestedSchema, _meta }: Approval['params'], decision: Decision) {
  if (!isYes(decision)) return { action: decision === 'deny' ? 'decline' : 'cancel', content: null, _meta: null }
  if (decision === 'approveForSession' && !offersSession(_meta)) return undefined
  const meta = decision === 'approveForSession' ? { persist: 'session' } : null
  if (mode === 'url') return { action: 'accept', content: null, _meta: meta }
  return hasNoFields(requestedSchema) ? { action: 'accept', content: {}, _meta: meta } : undefined
}

function offersSession(meta: unknown): boolean {
  const persist = typeof meta === 'object' && meta !== null && 'persist' in meta ? meta.persist : []
  return Array.isArray(persist) && persist.includes('session')
}

function hasNoFields(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false
  const fields = 'properties' in schema ? schema.properties : {}
  return typeof fields === 'object' && fields !== null && Object.keys(fields).length === 0
}
