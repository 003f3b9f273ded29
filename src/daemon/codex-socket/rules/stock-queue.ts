/** `thread/queue/*` from a stock client: of a shared thread the queue is the daemon's, of any other it is Codex's. */

import { textIn } from '../../../protocol/json/read-json.ts'
import { includes } from '../../peers/rights.ts'
import { answerQueue, isQueueMethod } from '../../queue/answer-queue.ts'
import type { ClientRequest } from '../frames/client-frames.ts'
import type { StockSession } from '../stock-session.ts'
import { stockError } from './stock-errors.ts'

/** A restricted client has no way past the daemon: adding to a thread that is not shared shares it, as a prompt does. */
export function answerStockQueue(session: StockSession, request: ClientRequest): void {
  const { core, author, identity, right, threads, guard } = session
  const { method, params } = request
  const threadId = textIn(params, 'threadId') ?? ''
  const isCodexs = threads.get(threadId)?.isHelper || !core.directory.isShared(threadId)
  if (!isQueueMethod(method) || (isCodexs && includes(right, 'full'))) {
    const id = textIn(params, 'clientUserMessageId')
    if (id !== null) core.privateThreads.noteAuthor(threadId, id, author)
    session.server.pass(request)
    return
  }
  answerQueue(core, method, params, { author, identity, right })
    .then(
      (result) => session.client.reply(request, result),
      (error: unknown) => {
        core.log.info({ err: error, client: author.label, method }, 'refused')
        session.client.refuse(request, stockError(error))
      },
    )
    .catch(guard.failed)
}
