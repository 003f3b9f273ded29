/** What the daemon does when the code that serves one connection throws: it ends that connection, says so in the log, and serves all others. */
import { isCorrupt } from '../../ledger/open-ledger.ts'
import type { Logger } from '../../platform/logging/log.ts'
import { Guard } from '../../rpc/guard.ts'

export interface GuardedConnection {
  readonly log: Pick<Logger, 'error'>
  /** Whose it is, as far as that is known by then. */
  readonly who: () => string
  /** Ends it at once, without a word. */
  readonly end: () => void
}

export function guardConnection({ log, who, end }: GuardedConnection): Guard {
  return new Guard((error) => {
    // Every reader would hit a damaged page again: this daemon ends, so that the next one sets the ledger aside.
    if (isCorrupt(error)) throw error
    log.error({ err: error, peer: who() }, 'a connection was ended, as serving it failed')
    end()
  })
}
