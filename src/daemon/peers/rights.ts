/** What a peer may do, by who it is: the one table from identity to rights, and the refusals that name the reason. */
import type { Settings } from '../../platform/settings/settings.ts'
import { ShareError } from '../../protocol/errors.ts'
import { type OtherHome, otherHomeError } from '../../protocol/other-home.ts'
import type { PeerIdentity } from './peer-identity.ts'

/** Each includes those before it: read what is shared; post prompts and end one's own turns; everything else, answering included. */
export const rights = ['none', 'read', 'post', 'full'] as const
export type Right = (typeof rights)[number]

export function includes(right: Right, needed: Right): boolean {
  return rights.indexOf(right) >= rights.indexOf(needed)
}

export function atMost(limit: Right, right: Right): Right {
  return includes(right, limit) ? limit : right
}

/** What a process that is not simply one of the user's own may do at most. */
export function rightOf({ kind }: PeerIdentity, { confined }: Settings['peers']): Right {
  const granted: Right = confined === 'refuse' ? 'none' : confined
  switch (kind) {
    case 'own':
      return 'full'
    case 'confined':
      return granted
    case 'unknown':
      return includes(granted, 'read') ? granted : 'read'
    case 'foreign':
      return 'none'
  }
}

/** Why this peer was not allowed to do `what`, and what changes that. */
export function refusal(identity: PeerIdentity, what: string): ShareError {
  switch (identity.kind) {
    case 'confined':
      return new ShareError('denied', `${what}: process ${identity.pid} runs in Codex’s sandbox`, {
        facts: { identity: identity.kind },
        hint: 'Commands that an agent runs neither act nor answer here. The setting `peers.confined` ("read" or "post") lets them read, or post as well; never answer.',
      })
    case 'foreign':
      return new ShareError('denied', `${what}: the daemon serves another user, not uid ${identity.uid}`, {
        facts: { identity: identity.kind },
        hint: 'Run codex-share as the user whose daemon it is, without sudo.',
      })
    case 'unknown':
      return new ShareError(
        'denied',
        `${what}: the process is not identified (${identity.reason}), so it may only read`,
        {
          facts: { identity: identity.kind },
          hint: 'Keep the process that connected running. Where the system cannot identify any, the setting `peers.confined` ("post") lets it post.',
        },
      )
    case 'own':
      return new ShareError('readOnly', `${what}: this connection is read-only`)
  }
}

/** A connected peer, as far as it is judged by. */
interface Judged {
  readonly identity: PeerIdentity
  /** What it may do by its identity, or less where it asked for less. */
  readonly granted: Right
  /** What it may do at this moment. */
  readonly right: Right
  readonly otherHome: OtherHome | undefined
}

/**
 * Refuses what a peer may not do, with the reason that holds for it: who it is, or where its Codex home is.
 *
 * @throws ShareError `denied` or `readOnly`
 */
export function requireRight(peer: Judged, needed: Right, what: string): void {
  if (includes(peer.right, needed)) return
  if (peer.otherHome && includes(peer.granted, needed)) throw otherHomeError(what, peer.otherHome)
  throw refusal(peer.identity, what)
}
