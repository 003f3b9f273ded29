/** A queued prompt as people are shown it: the beginning of its text, and its author. Pure. */
import type { QueuedRow } from '../../ledger/queue-store.ts'
import type { QueuedPrompt } from '../../protocol/queue.ts'

const shownLength = 500

export function describePrompt({ id, input, by, atMs }: QueuedRow): QueuedPrompt {
  const text = input.map(textOf).join(' ')
  const shown = text.length > shownLength ? `${text.slice(0, shownLength)}…` : text
  return { id, text: shown, by, queuedAt: new Date(atMs).toISOString() }
}

/** What is not text (an image, a skill) is named by its kind. */
function textOf(part: unknown): string {
  if (typeof part !== 'object' || part === null) return ''
  if ('text' in part && typeof part.text === 'string') return part.text
  return 'type' in part ? `[${String(part.type)}]` : ''
}
