/** How an event is written down: its JSON, in the two pieces that the ledger keeps, and its frame on the wire. */
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

const frameStart = '{"jsonrpc":"2.0","method":"share/event","params":'

/** The part that the ledger stores: all members but `id` and `threadId`, which stand in the key. */
export function eventBody({ turnId, atMs, method, params, by }: NewEvent): string {
  const at = new Date(atMs).toISOString()
  const start = `"turnId":${JSON.stringify(turnId)},"at":"${at}","method":${JSON.stringify(method)}`
  return `${start},"params":${JSON.stringify(params)},"by":${JSON.stringify(by)}`
}

export function eventJson(id: number, threadId: string, body: string): string {
  return `{"id":${id},"threadId":${JSON.stringify(threadId)},${body}}`
}

/** The frame of an event on `daemon.sock`, with its line end; clients cut the event out by this very prefix. */
export function eventLine(json: string): string {
  return `${frameStart}${json}}\n`
}

/** What stands around an event's id and body in its frame, for putting frames together in SQL. */
export function framePieces(threadId: string) {
  return { beforeId: `${frameStart}{"id":`, afterId: `,"threadId":${JSON.stringify(threadId)},`, end: '}}\n' }
}
