/** Events of one thread, as they are given to a ledger. */
import type { NewEvent } from '../../../src/ledger/event-text.ts'

export const threadId = '01a20590-456e-70b2-a977-25507630a948'

export function event(method: string, more: Partial<NewEvent> = {}): NewEvent {
  return { threadId, turnId: 't1', atMs: 1000, method, params: { threadId }, itemId: null, by: null, ...more }
}

export const delta = (itemId: string, atMs = 1000) => event('item/agentMessage/delta', { itemId, atMs })
export const completed = (itemId: string) =>
  event('item/completed', { itemId, params: { threadId, item: { id: itemId } } })

export const by = { label: 'ann', kind: 'script', pid: 7 }

/** A whole turn of four events with a text in it. */
export const turnEvents = (turnId: string, text: string, atMs = 1000) => [
  event('turn/started', { turnId, atMs, by, params: { turn: { id: turnId, status: 'inProgress' } } }),
  event('item/agentMessage/delta', { turnId, atMs, itemId: `${turnId}-a`, params: { delta: text } }),
  event('item/completed', { turnId, atMs, itemId: `${turnId}-a`, params: { item: { id: `${turnId}-a`, text } } }),
  event('turn/completed', { turnId, atMs, params: { turn: { id: turnId, status: 'completed', items: [{ text }] } } }),
]
