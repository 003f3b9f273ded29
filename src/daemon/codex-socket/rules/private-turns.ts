/** What begins a turn in a private thread of an adopted session: it goes to Codex past the gate, and nothing of it is recorded. */
import { randomUUID } from 'node:crypto'
import { objectIn, textIn } from '../../../protocol/json/read-json.ts'
import { effectOf } from '../../gate/method-effects.ts'
import type { ClientThread } from '../client-threads.ts'
import type { ClientRequest } from '../frames/client-frames.ts'
import { messageIn } from '../frames/peek-frame.ts'
import type { StockSession } from '../stock-session.ts'
import { restarting } from './stock-errors.ts'

/** A turn that Codex does not name in its answer begins within tenths of a second. */
const beginsMs = 2000

/** Whether nobody has shared the thread, so that it stays between the session and Codex. */
export function isPrivate({ core, isAdopted }: StockSession, { threadId, isHelper }: ClientThread): boolean {
  const { adoptShares } = core.settings
  return isAdopted && adoptShares === 'asked' && !isHelper && !core.directory.isShared(threadId)
}

/**
 * While the thread is being opened for sharing it waits, and is then a turn like any other: `otherwise`. A prompt gets an id, by which its
 * author is known once the thread is shared.
 */
export async function beginPrivately(
  session: StockSession,
  request: ClientRequest,
  thread: ClientThread,
  otherwise: (session: StockSession, request: ClientRequest) => void | Promise<void>,
): Promise<void> {
  const { core, author, server, client } = session
  const { threadId } = thread
  await core.privateThreads.untilOpened(threadId)
  if (!isPrivate(session, thread)) return otherwise(session, request)
  const isPrompt = effectOf(request.method) === 'prompts'
  const clientUserMessageId = textIn(request.params, 'clientUserMessageId') ?? randomUUID()
  const leave = core.privateThreads.enter(threadId, author, isPrompt ? clientUserMessageId : undefined)
  const onReply = (data: Buffer) => {
    const message = messageIn(data) ?? {}
    const turnId = textIn(objectIn(objectIn(message, 'result'), 'turn'), 'id')
    if (turnId !== null) thread.ownTurnId = turnId
    if (turnId !== null || 'error' in message) leave(turnId)
    else void core.privateThreads.untilTurn(threadId, beginsMs).then(() => leave())
  }
  const onLost = () => {
    leave()
    client.refuse(request, restarting())
  }
  server.pass(request, { onReply, onLost }, isPrompt ? { ...request.params, clientUserMessageId } : undefined)
}
