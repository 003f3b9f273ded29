/** What the ledger keeps of a thread, from what Codex says of it. */
import type { Thread } from '../../codex/decoding/upstream-types.ts'
import type { ThreadFacts } from '../../ledger/thread-store.ts'

export function factsOf({ name, cwd, preview }: Pick<Thread, 'name' | 'cwd' | 'preview'>): ThreadFacts {
  return { name, cwd, preview: preview === '' ? null : preview }
}
