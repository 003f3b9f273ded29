/** Reads members of JSON whose form is not known, and what the ledger keeps of a thread. */
import type { Thread } from '../../codex/decoding/upstream-types.ts'
import type { ThreadFacts } from '../../ledger/thread-store.ts'

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

/** What the ledger keeps of a thread. */
export function factsOf({ name, cwd, preview }: Thread): ThreadFacts {
  return { name, cwd, preview: preview === '' ? null : preview }
}
