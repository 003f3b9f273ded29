/** A prompt that Codex acknowledged and died before it passed it on: recorded with its text right before its turn's end. */
import type { NewEvent } from '../../ledger/event-text.ts'
import type { SubmittedInput, TurnStore } from '../../ledger/turn-store.ts'
import { effectKindOf } from '../../protocol/notifications.ts'

/** The events, with a `userMessage` before the end of each turn for every prompt of it that neither they nor the ledger have. */
export function withUnrecordedPrompts(
  events: readonly NewEvent[],
  turns: Pick<TurnStore, 'unrecorded'>,
): readonly NewEvent[] {
  if (!events.some(isEnd)) return events
  const seen = new Set<string>()
  return events.flatMap((event) => {
    if (event.requestId && effectKindOf(event.method) === 'itemCompleted')
      seen.add(`${event.threadId} ${event.requestId}`)
    if (!isEnd(event) || event.turnId === null) return [event]
    const missing = turns
      .unrecorded(event.threadId, event.turnId)
      .filter((prompt) => !seen.has(`${event.threadId} ${prompt.requestId}`))
    return [...missing.map((prompt) => promptEvent(prompt, event)), event]
  })
}

function isEnd({ method }: NewEvent): boolean {
  return effectKindOf(method) === 'turnEnded'
}

/** In the form that Codex gives it; its item's id says where it comes from. */
function promptEvent({ requestId, input, by }: SubmittedInput, end: NewEvent): NewEvent {
  const { threadId, turnId, atMs } = end
  const times = { startedAtMs: atMs, completedAtMs: atMs }
  const item = { ...times, type: 'userMessage', id: `share-${requestId}`, clientId: requestId, content: input }
  const params = { item, threadId, turnId, contentTokenCount: null, completedAtMs: atMs }
  return { threadId, turnId, atMs, method: 'item/completed', params, itemId: item.id, requestId, by }
}
