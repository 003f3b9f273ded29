/** Messages on the app-server's wire: what may be sent, written out, and what came in, told apart. JSON-RPC without `jsonrpc`. */
import { ShareError, type WireError } from '../../protocol/errors.ts'
import { isDeeperThan } from '../../protocol/json/nesting.ts'
import { isObject, parseJsonObject } from '../../protocol/json/read-json.ts'
import { decodeNotification, type Subject, subjectOf, type UpstreamNotification } from './decode-notification.ts'
import type { RequestId } from './upstream-types.ts'

/** A request from the app-server (an approval, for one), to be answered with `respond` or `reject`. */
export interface UpstreamRequest extends Subject {
  readonly id: RequestId
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
}

export type Inbound =
  | { readonly kind: 'notification'; readonly notification: UpstreamNotification }
  | { readonly kind: 'request'; readonly request: UpstreamRequest }
  | { readonly kind: 'result'; readonly id: RequestId; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: RequestId; readonly error: WireError }

/** serde_json stops at 128 levels, the message's own object counted (measured: 127 are answered, 128 never are). */
const deepest = 127

/**
 * Writes a message out as the app-server will surely read it.
 *
 * What its parser rejects it logs and never answers, so that is refused here: deeper than 127 levels in all, or half a surrogate
 * pair in a string, which JSON may spell (`"\ud800"`) and UTF-8 cannot.
 *
 * @throws ShareError `usage` for what the app-server cannot read
 */
export function encodeMessage(message: object): string {
  if (isDeeperThan(deepest, message)) {
    throw new ShareError('usage', `The message is nested deeper than the ${deepest} levels that Codex reads.`)
  }
  const text = JSON.stringify(message)
  if (mayHoldLoneSurrogate(text) && holdsLoneSurrogate(text)) {
    throw new ShareError('usage', 'The message holds half of a surrogate pair, which is not valid Unicode text.')
  }
  return text
}

/** Tells one text frame apart; undefined when it is not a message at all. */
export function decodeMessage(text: string): Inbound | undefined {
  const message = parseJsonObject(text)
  if (message === undefined) return undefined
  const { id, method, params, error } = message
  if (typeof method === 'string') {
    const fields = isObject(params) ? params : {}
    if (isRequestId(id)) return { kind: 'request', request: { id, method, params: fields, ...subjectOf(fields) } }
    const { emittedAtMs } = message
    // Servers before the field existed do not send it: then the time of arrival is the closest there is.
    const at = typeof emittedAtMs === 'number' ? emittedAtMs : Date.now()
    return { kind: 'notification', notification: decodeNotification(method, fields, at) }
  }
  if (!isRequestId(id)) return undefined
  if (isWireError(error)) return { kind: 'error', id, error }
  return 'result' in message ? { kind: 'result', id, result: message.result } : undefined
}

function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'number' || typeof value === 'string'
}

function isWireError(value: unknown): value is WireError {
  return isObject(value) && typeof value.code === 'number' && typeof value.message === 'string'
}

/** `JSON.stringify` writes half a pair as an escape and a whole pair as itself, so nearly all text is cleared by one search. */
function mayHoldLoneSurrogate(json: string): boolean {
  return json.includes('\\ud')
}

/** An escape is one only after an even number of backslashes: `\\ud800` is the six letters that somebody wrote about it. */
function holdsLoneSurrogate(json: string): boolean {
  return /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(json)
}
