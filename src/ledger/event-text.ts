/** How an event is written down: its JSON, in the two pieces that the ledger keeps, and as a line for those who are given it. */
import type { Author } from '../protocol/events.ts'

/** What is recorded: the upstream's notification, when it was sent, and who caused it. */
export interface NewEvent {
  readonly threadId: string
  readonly turnId: string | null
  /** Milliseconds since 1970, from the upstream's `emittedAtMs`. */
  readonly atMs: number
  readonly method: string
  readonly params: unknown
  /** The item that a delta or an `item/completed` is about. */
  readonly itemId: string | null
  /** The request id of the prompt that a `userMessage` item is. */
  readonly requestId?: string | null
  readonly by: Author | null
}

/** A recorded event as JSON text, ready to be sent or spliced into a reply. */
export interface EventText {
  readonly id: number
  readonly json: string
}

/** What stands around an event's JSON in a line; `after` ends with the line end. */
export interface LineForm {
  readonly before: string
  readonly after: string
}

/** The part that the ledger stores: all members but `id` and `threadId`, which stand in the key. */
export function eventBody({ turnId, atMs, method, params, by }: NewEvent): string {
  const at = new Date(atMs).toISOString()
  const start = `"turnId":${JSON.stringify(turnId)},"at":"${at}","method":${JSON.stringify(method)}`
  return `${start},"params":${JSON.stringify(params)},"by":${JSON.stringify(by)}`
}

export function eventJson(id: number, threadId: string, body: string): string {
  return `{"id":${id},"threadId":${JSON.stringify(threadId)},${body}}`
}

export function eventLine(json: string, { before, after }: LineForm): string {
  return `${before}${json}${after}`
}

/** What stands around an event's id and body in its line, for putting lines together in SQL. */
export function linePieces(threadId: string, { before, after }: LineForm) {
  return { beforeId: `${before}{"id":`, afterId: `,"threadId":${JSON.stringify(threadId)},`, end: `}${after}` }
}
