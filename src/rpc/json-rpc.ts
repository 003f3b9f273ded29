/** JSON-RPC 2.0 messages as bytes and back, built and checked by jsonrpc-lite. */
import { isUtf8 } from 'node:buffer'
import {
  ErrorObject,
  error as errorMessage,
  JsonRpcError,
  NotificationObject,
  notification as notificationMessage,
  parseObject,
  RequestObject,
  type RpcParams,
  request as requestMessage,
  SuccessObject,
} from 'jsonrpc-lite'
import { ShareError, type WireError } from '../protocol/errors.ts'
import { hasMoreValuesThan } from '../protocol/json/count-values.ts'
import { isDeeperThan } from '../protocol/json/nesting.ts'

export type RequestId = string | number

export type Message =
  | { readonly type: 'request'; readonly id: RequestId; readonly method: string; readonly params: unknown }
  | { readonly type: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly type: 'success'; readonly id: RequestId; readonly result: unknown }
  | { readonly type: 'error'; readonly id: RequestId | null; readonly error: WireError }

/** Deepest nesting taken: past about 128 levels the app-server never answers. */
const maxDepth = 120

/**
 * Reads one frame, unless it has more values than `mostValues`.
 *
 * @throws ShareError `parseError` for bytes that are not UTF-8 or not JSON, `invalidRequest` for anything that is not one JSON-RPC 2.0
 * object; `facts.id` is the message's id where it could be read.
 */
export function parseMessage(frame: Buffer, mostValues = Number.POSITIVE_INFINITY): Message {
  if (hasMoreValuesThan(mostValues, frame))
    throw new ShareError('invalidRequest', `the message has more than ${mostValues} values`)
  if (!isUtf8(frame)) throw new ShareError('parseError', 'the frame is not valid UTF-8')
  let value: unknown
  try {
    value = JSON.parse(frame.toString('utf8'))
  } catch (cause) {
    throw new ShareError('parseError', 'the frame is not valid JSON', { cause })
  }
  if (Array.isArray(value)) throw new ShareError('invalidRequest', 'batches are not supported: send one message a line')
  if (typeof value !== 'object' || value === null) throw new ShareError('invalidRequest', 'a message is a JSON object')
  const id = readId(value)
  if (isDeeperThan(maxDepth, value))
    throw new ShareError('invalidRequest', `the message is nested more than ${maxDepth} levels deep`, { facts: { id } })
  const { payload } = parseObject(value)
  if (payload instanceof NotificationObject)
    return { type: 'notification', method: payload.method, params: payload.params }
  if (payload instanceof ErrorObject) return { type: 'error', id, error: payload.error }
  if (id !== null && payload instanceof RequestObject)
    return { type: 'request', id, method: payload.method, params: payload.params }
  if (id !== null && payload instanceof SuccessObject) return { type: 'success', id, result: payload.result }
  throw new ShareError('invalidRequest', 'the message is not a JSON-RPC 2.0 request, notification or reply', {
    facts: { id },
  })
}

/** An id that would change on its way through JSON (a number beyond 2^53, or a fraction) counts as none, and so does an empty one, which jsonrpc-lite refuses to write. */
function readId(value: object): RequestId | null {
  const id = 'id' in value ? value.id : null
  return (typeof id === 'string' && id !== '') || (typeof id === 'number' && Number.isSafeInteger(id)) ? id : null
}

export function requestText(id: RequestId, method: string, params: unknown): string {
  return JSON.stringify(requestMessage(id, method, asParams(params)))
}

export function notificationText(method: string, params: unknown): string {
  return JSON.stringify(notificationMessage(method, asParams(params)))
}

/** A reply whose result is JSON text already, such as rows of the ledger, which need no second encoding. */
export function successText(id: RequestId, resultJson: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${resultJson}}`
}

export function errorText(id: RequestId | null, error: WireError): string {
  return JSON.stringify(errorMessage(id, new JsonRpcError(error.message, error.code, error.data)))
}

function asParams(params: unknown): RpcParams {
  return typeof params === 'object' && params !== null ? params : {}
}
