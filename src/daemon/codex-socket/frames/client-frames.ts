/** Messages of Codex's wire that the daemon itself writes to or for a stock client. */
import type { RequestId } from '../../../codex/decoding/upstream-types.ts'
import type { WireError } from '../../../protocol/errors.ts'
import { type JsonObject, objectIn } from '../../../protocol/json/read-json.ts'
import { withCanonicalThread } from '../../../protocol/thread-id.ts'

export interface ClientRequest {
  /** The id's JSON text. */
  readonly id: string
  readonly method: string
  readonly params: JsonObject
  /** As it came. */
  readonly data: Buffer
}

/** `id` is the id's JSON text. */
export function replyFrame(id: string, result: unknown): string {
  return `{"id":${id},"result":${JSON.stringify(result)}}`
}

export function errorFrame(id: string, error: WireError): string {
  return `{"error":${JSON.stringify(error)},"id":${id}}`
}

export function requestFrame(id: string, method: string, params: unknown): string {
  return `{"id":${id},"method":${JSON.stringify(method)},"params":${JSON.stringify(params)}}`
}

/** The end of a turn that its app-server did not survive, as the UI shows it best: “Conversation interrupted”, and ready for the next prompt. */
export function lostTurnFrames(threadId: string, turnId: string): string[] {
  const turn = {
    id: turnId,
    rootTurnId: turnId,
    items: [],
    itemsView: 'notLoaded',
    status: 'interrupted',
    error: null,
    startedAt: null,
    completedAt: null,
    durationMs: null,
  }
  return [
    notificationFrame('turn/completed', { threadId, turn }),
    notificationFrame('thread/status/changed', { threadId, status: { type: 'idle' } }),
  ]
}

/** What every stock client shows to people. */
export function warningFrame(threadId: string, message: string): string {
  return notificationFrame('warning', { threadId, message })
}

export function resolvedFrame(threadId: string, requestId: RequestId): string {
  return notificationFrame('serverRequest/resolved', { threadId, requestId })
}

function notificationFrame(method: string, params: unknown): string {
  return JSON.stringify({ method, params, emittedAtMs: Date.now() })
}

/** A request as it came, but for another spelling of its thread's id than the one that the rules go by. */
export function requestIn(
  message: JsonObject,
  frame: Pick<ClientRequest, 'id' | 'method'>,
  data: Buffer,
): ClientRequest {
  const { id, method } = frame
  const said = objectIn(message, 'params') ?? {}
  const params = withCanonicalThread(said)
  return { id, method, params, data: params === said ? data : Buffer.from(requestFrame(id, method, params)) }
}
