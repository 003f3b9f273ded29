/** What Codex says when a thread's queue is another than before; who has the thread open asks then what waits in it. */
import type { ServerNotification } from '../../codex/decoding/upstream-types.ts'

type QueueChanged = Extract<ServerNotification, { readonly method: 'thread/queue/changed' }>

export function queueChangedNotification(threadId: string) {
  return { method: 'thread/queue/changed', params: { threadId } } satisfies QueueChanged
}

/** On Codex's own wire. */
export function queueChangedFrame(threadId: string): string {
  return JSON.stringify({ ...queueChangedNotification(threadId), emittedAtMs: Date.now() })
}
