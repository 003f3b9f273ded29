/** Checks events from the daemon by hand: the same shape as `eventSchema`, at a hundredth of its cost, since there are many. */
import type { ShareEvent } from '../../protocol/events.ts'

export function isEvent(value: unknown): value is ShareEvent {
  if (!isObject(value)) return false
  const { id, threadId, turnId, at, method, params, by } = value
  return (
    typeof id === 'number' &&
    typeof threadId === 'string' &&
    (turnId === null || typeof turnId === 'string') &&
    typeof at === 'string' &&
    typeof method === 'string' &&
    isObject(params) &&
    (by === null || (isObject(by) && typeof by.label === 'string' && typeof by.kind === 'string'))
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
