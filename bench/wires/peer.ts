/** What both sides have in common for the reader: a peer that starts or follows a thread, and is told deltas apart from the rest. */
import type { Caller, Loose } from './caller.ts'

export interface PeerOptions {
  readonly socketPath: string
  /** A delta came. `id` is the event's, and 0 on the direct connection, which has none. */
  readonly onDelta: (id: number, bytes: Buffer, start: number, end: number) => void
  /** Any other notification of a thread. */
  readonly onNotification: (method: string, params: Loose) => void
}

export interface Peer extends Caller {
  /** Starts a thread and follows it. */
  startThread(): Promise<string>
  follow(threadId: string): Promise<void>
}

/** `item/agentMessage/delta`, told by three of its bytes: no other method has them there, and a million a second are asked. */
export function isDeltaAt(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x69 && bytes[at + 5] === 0x61 && bytes[at + 18] === 0x64
}

export function prompt(threadId: string, text: string): Loose {
  return { threadId, input: [{ type: 'text', text, text_elements: [] }] }
}
