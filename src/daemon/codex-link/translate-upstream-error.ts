/** Puts Codex's errors in our words where they are known, so that they say what a person can do; all others stay as they came. */
import { UpstreamError } from '../../codex/link/upstream-error.ts'
import { configError, isDraining, threadTrouble } from '../../codex/link/upstream-quirks.ts'
import { ShareError } from '../../protocol/errors.ts'
import { VerbatimError } from '../../rpc/rpc-peer.ts'

/** The app-server was told to end, and takes no new turn; nothing was submitted. */
export class DrainingError extends ShareError {
  constructor() {
    super('unavailable', 'the Codex app-server was told to end, and ends once the turns in it have ended', {
      facts: { sent: false },
      hint: 'Nothing was submitted. Try again once they have: `codex-share list` shows them.',
    })
  }
}

export function archivedError(threadId: string | null, cause: unknown): ShareError {
  return new ShareError('notFound', `thread ${threadId} is archived`, {
    facts: { threadId, archived: true },
    hint: `Bring it back with \`codex unarchive ${threadId}\`, then try again.`,
    cause,
  })
}

/** The error as the peer gets it. */
export function translateUpstreamError(error: unknown, threadId: string | null): unknown {
  if (isDraining(error)) return new DrainingError()
  const trouble = threadTrouble(error)
  if (trouble) {
    const facts = { threadId, upstream: trouble.message }
    switch (trouble.kind) {
      case 'malformed':
        return new ShareError('notFound', `${threadId} is not a thread id`, { facts })
      case 'unknown':
      case 'notLoaded':
        return new ShareError('notFound', `Codex has no thread ${threadId}`, { facts })
      case 'notMaterialized':
        return new ShareError('notFound', `nothing has been said in thread ${threadId} yet`, { facts })
      case 'archived':
        return archivedError(threadId, error)
      case 'activeWriter':
        return new ShareError('unavailable', `thread ${threadId} is open in another Codex process`, {
          facts,
          hint: 'Close it there (end that Codex session), then try again.',
        })
    }
  }
  return configError(error) ?? (error instanceof UpstreamError ? new VerbatimError(error.toWire()) : error)
}
