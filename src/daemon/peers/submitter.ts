/** Who asks for something in a shared thread, and what becomes of settings that would loosen it for the others. */
import { thisSystem } from '../../platform/system/this-system.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { Author } from '../../protocol/events.ts'
import type { Request, ThreadSettingsStore } from '../thread-settings/thread-settings.ts'
import type { PeerIdentity } from './peer-identity.ts'

export interface Submitter {
  readonly author: Author
  readonly identity: PeerIdentity
  /** Called with what was left out of the request, such as `approvalPolicy "never"`. Without it, the request is refused. */
  readonly onLeftOut?: (threadId: string, what: string) => void
}

/**
 * The request as it may go to Codex: as it is, unless somebody who is no person at a terminal would loosen the thread's sandbox or
 * approvals with it.
 *
 * @throws ShareError `denied`
 */
export async function withoutLoosening<R extends Request>(
  settings: ThreadSettingsStore,
  threadId: string,
  request: R,
  { identity, onLeftOut }: Submitter,
): Promise<R> {
  const members = settings.loosening(threadId, request)
  if (members.length === 0 || (identity.kind === 'own' && (await thisSystem.isPersonAtTerminal(identity.pid))))
    return request
  const what = members.map((member) => `${member} ${JSON.stringify(request[member])}`).join(' and ')
  if (!onLeftOut) throw looseningError(threadId, what)
  onLeftOut(threadId, what)
  return { ...request, ...Object.fromEntries(members.map((member) => [member, null])) }
}

function looseningError(threadId: string, what: string): ShareError {
  return new ShareError('denied', `${what}: only a person at a terminal loosens the settings of a shared thread`, {
    facts: { threadId },
    hint: 'Leave it out, or ask for something tighter. A person does it in Codex’s own UI, with /permissions.',
  })
}
