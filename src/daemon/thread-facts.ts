/** Reads, out of an upstream notification, what the daemon goes by: thread, turn, item. */
import type { Thread } from '../codex/upstream-types.ts'
import type { ThreadFacts } from '../ledger/thread-store.ts'

/** A JSON object whose members are not known yet. */
export type Loose = Readonly<Record<string, unknown>>

export function objectIn(params: Loose, member: string): Loose | null {
  const value = params[member]
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : null
}

export function textIn(params: Loose | null, member: string): string | null {
  const value = params?.[member]
  return typeof value === 'string' ? value : null
}

/**
 * The root turn's id, which is a turn's one identity: Codex begins a review under the id of a sub-turn, and tells all else of it, its end
 * too, under the root's.
 */
export function turnIdOf(params: Loose): string | null {
  const turn = objectIn(params, 'turn')
  return textIn(params, 'turnId') ?? textIn(turn, 'rootTurnId') ?? textIn(turn, 'id')
}

export function itemIdOf(params: Loose): string | null {
  return textIn(params, 'itemId') ?? textIn(objectIn(params, 'item'), 'id')
}

/** The request id of the prompt that a `userMessage` item is, or null. */
export function clientIdOf(params: Loose): string | null {
  const item = objectIn(params, 'item')
  return textIn(item, 'type') === 'userMessage' ? textIn(item, 'clientId') : null
}

/** Whether a `thread/status/changed` says that the turn waits for a person. */
export function waitsOnApproval(params: Loose): boolean {
  const flags = objectIn(params, 'status')?.activeFlags
  return Array.isArray(flags) && flags.includes('waitingOnApproval')
}

/** What the ledger keeps of a thread. */
export function factsOf({ name, cwd, preview }: Thread): ThreadFacts {
  return { name, cwd, preview: preview === '' ? null : preview }
}
