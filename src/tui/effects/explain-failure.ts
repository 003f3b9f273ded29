/** Explains a failure to the person, with what they can do about it. */
import { UpstreamError } from '../../codex/link/upstream-error.ts'
import { configError, type ThreadTroubleKind, threadTrouble } from '../../codex/link/upstream-quirks.ts'
import { asShareError } from '../../protocol/errors.ts'
import { visibleText } from '../../protocol/text/visible-text.ts'

interface Explanation {
  readonly message: string
  /** Empty when there is nothing to do but read the message. */
  readonly hint: string
}

const troubles: Readonly<Record<ThreadTroubleKind, Explanation>> = {
  malformed: { message: 'that is no thread id', hint: 'An id looks like 019a0000-0000-7000-8000-000000000000.' },
  unknown: { message: 'Codex knows no such thread', hint: '/resume lists those that it knows.' },
  notLoaded: { message: 'Codex does not have this thread open', hint: '/resume opens it again.' },
  notMaterialized: { message: 'nothing was said in that thread yet, so it is not stored', hint: '' },
  archived: { message: 'the thread is archived', hint: '`codex unarchive` with its id brings it back.' },
  activeWriter: {
    message: 'the thread is open in another Codex process',
    hint: 'Leave it there, or share it there and join: only one process may write to a thread.',
  },
}

export function explainFailure(error: unknown): Explanation {
  const trouble = threadTrouble(error)
  if (trouble) return troubles[trouble.kind]
  const { errorName, message, hint } = configError(error) ?? asShareError(error)
  if (errorName === 'unexpected' && error instanceof UpstreamError) return { message: visibleText(message), hint: '' }
  if (errorName === 'cancelled') return { message: 'given up', hint: '' }
  // It may have come from another machine.
  return { message: visibleText(message), hint: visibleText(hint) }
}
