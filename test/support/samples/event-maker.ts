/** Makes events as the app-server's notifications become them, for tests of the reducers. */
import type { ShareEvent } from '../../../src/protocol/events.ts'

/** Events with ids that count from 1. */
export function eventMaker(threadId = 'thread-1') {
  let id = 0
  const make = (method: string, params: Record<string, unknown>, by: string | null = null): ShareEvent => {
    id += 1
    return {
      id,
      threadId,
      turnId: 'turn-1',
      at: '2026-11-22T14:00:00.000Z',
      method,
      params,
      by: by === null ? null : { label: by, kind: 'ui', pid: 1 },
    }
  }
  return {
    make,
    turnStarted: () => make('turn/started', { turn: { id: 'turn-1', status: 'inProgress' } }),
    turnEnded: (status = 'completed') => make('turn/completed', { turn: { id: 'turn-1', status, durationMs: 1200 } }),
    prompt: (text: string, by: string | null = null, clientId: string | null = null) =>
      make(
        'item/completed',
        { item: { type: 'userMessage', id: `u${id}`, clientId, content: [{ type: 'text', text }] } },
        by,
      ),
    begin: (itemId: string, type = 'agentMessage') => make('item/started', { item: { type, id: itemId, text: '' } }),
    delta: (itemId: string, delta: string) => make('item/agentMessage/delta', { itemId, delta }),
    finish: (itemId: string, text: string) =>
      make('item/completed', { item: { type: 'agentMessage', id: itemId, text } }),
  }
}
