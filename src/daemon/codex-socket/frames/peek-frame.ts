/** Tells frames of Codex's wire apart by their first and last bytes, so that a flood of them passes without being parsed. */

import { decodeNotification, type UpstreamNotification } from '../../../codex/decoding/decode-notification.ts'
import { type JsonObject, objectIn, parseJsonObject, textIn } from '../../../protocol/json/read-json.ts'
import { type EffectKind, effectKindOf } from '../../../protocol/notifications.ts'

/** A message as far as it must be known to pass it on. `id` is its JSON text, as ids are numbers or strings and must come back as they were. */
export type Frame =
  | { readonly kind: 'request'; readonly method: string; readonly id: string; readonly effectKind: 'nothing' }
  | { readonly kind: 'notification'; readonly method: string; readonly effectKind: EffectKind }
  | { readonly kind: 'reply'; readonly id: string }
  | { readonly kind: 'unknown' }

/** A frame that is about something, and not a reply. */
export type CallFrame = Extract<Frame, { readonly method: string }>
export type NotificationFrame = Extract<Frame, { readonly kind: 'notification' }>

const unknown: Frame = { kind: 'unknown' }
const idPattern = String.raw`("(?:[^"\\]|\\.){0,200}"|-?\d{1,20})`
const named = new RegExp(String.raw`^\{"method":"([\w/$.-]{1,100})"(?:,"id":${idPattern})?[,}]`)
const result = new RegExp(String.raw`^\{"id":${idPattern},"(?:result|error)":`)
const failed = new RegExp(String.raw`,"id":${idPattern}\}$`)
const headBytes = 384
const ofThread = new RegExp(
  String.raw`^\{"method":"[\w/$.-]{1,100}",(?:"id":${idPattern},)?"params":\{"threadId":"([\w-]{1,100})"`,
)

/** Reads a frame as the app-server writes it; whatever is written in another way is parsed. */
export function peekFrame(data: Buffer): Frame {
  const head = data.toString('latin1', 0, headBytes)
  const call = named.exec(head)
  if (call?.[1] !== undefined) {
    if (call[2] !== undefined) return request(call[1], call[2])
    // An id may still come behind the parameters, but the app-server puts it in front.
    return notification(call[1])
  }
  const reply = result.exec(head)
  if (reply?.[1] !== undefined) return { kind: 'reply', id: reply[1] }
  if (head.startsWith('{"error":')) {
    const tail = failed.exec(data.toString('latin1', Math.max(0, data.length - headBytes)))
    if (tail?.[1] !== undefined) return { kind: 'reply', id: tail[1] }
  }
  return frameOf(messageIn(data))
}

/** The thread that a notification or a request is about. */
export function threadIdOf(data: Buffer): string | null {
  const front = ofThread.exec(data.toString('latin1', 0, headBytes))?.[2]
  return front ?? textIn(objectIn(messageIn(data), 'params'), 'threadId')
}

/** What a parsed message is. */
export function frameOf(message: JsonObject | undefined): Frame {
  if (!message) return unknown
  const { method } = message
  const isId = typeof message.id === 'string' || typeof message.id === 'number'
  if (typeof method === 'string') return isId ? request(method, JSON.stringify(message.id)) : notification(method)
  return isId ? { kind: 'reply', id: JSON.stringify(message.id) } : unknown
}

function request(method: string, id: string): Frame {
  return { kind: 'request', method, id, effectKind: 'nothing' }
}

function notification(method: string): Frame {
  return { kind: 'notification', method, effectKind: effectKindOf(method) }
}

/** Whether the client has said all that it says before it works. */
export function isIntroduced({ method }: NotificationFrame): boolean {
  return method === 'initialized'
}

/** Reads the whole of a notification. */
export function notificationIn(method: string, data: Buffer): UpstreamNotification {
  return decodeNotification(method, objectIn(messageIn(data), 'params') ?? {}, Date.now())
}

/** The message in a frame; undefined when it is none: the other side says what it thinks of that. */
export function messageIn(data: Buffer): JsonObject | undefined {
  return parseJsonObject(data.toString('utf8'))
}
