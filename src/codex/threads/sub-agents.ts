/**
 * The threads of sub-agents. Codex names the turn of the other thread that a sub-agent works for as the root of the sub-agent's turns, each
 * time it is given work. Here they are turns of their own: what runs in a thread has to be told apart there.
 */

import { objectIn, textIn } from '../../protocol/json/read-json.ts'
import type { UpstreamNotification } from '../decoding/decode-notification.ts'
import type { Thread, Turn } from '../decoding/upstream-types.ts'
import type { AppServerLink } from '../link/app-server-link.ts'

export function isSubAgent({ parentThreadId }: Pick<Thread, 'parentThreadId'>): boolean {
  return typeof parentThreadId === 'string'
}

/** A stored turn of a sub-agent's thread. */
export function ownTurn(turn: Turn): Turn {
  return { ...turn, rootTurnId: turn.id }
}

/** A notification about a sub-agent's thread. Only of a turn's start and end it is not plain whose they are. */
export function ofOwnTurn(notification: UpstreamNotification): UpstreamNotification {
  const { effect, params } = notification
  if (effect.kind !== 'turnStarted' && effect.kind !== 'turnEnded') return notification
  const turnId = textIn(objectIn(params, 'turn'), 'id')
  return turnId === null ? notification : { ...notification, turnId, effect: { ...effect, turnId } }
}

/** Codex subscribes those who follow a thread to its sub-agents as these begin. A link that comes later has to resume them itself, or it never gets their questions. */
export async function followSubAgents(link: AppServerLink, threadId: string): Promise<void> {
  const { data } = await link.request('thread/list', {
    ancestorThreadId: threadId,
    sourceKinds: ['subAgentThreadSpawn'],
    modelProviders: [],
  })
  const working = data.filter(({ status }) => status.type === 'active')
  await Promise.all(working.map(({ id }) => link.request('thread/resume', { threadId: id, excludeTurns: true })))
}
