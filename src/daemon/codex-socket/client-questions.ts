/** Keeps Codex's requests that one stock client has not answered yet. */
import type { RequestId } from '../../codex/decoding/upstream-types.ts'
import { type JsonObject, objectIn, textIn } from '../../protocol/json/read-json.ts'
import type { DaemonCore } from '../core.ts'
import type { StockSession } from './stock-session.ts'

interface Question {
  readonly requestId: RequestId
  readonly threadId: string | null
}

export class ClientQuestions {
  private readonly open = new Map<string, Question>()
  private readonly session: Pick<StockSession, 'core' | 'author'>

  constructor(session: Pick<StockSession, 'core' | 'author'>) {
    this.session = session
  }

  onRequest(message: JsonObject): void {
    const { id } = message
    if (typeof id !== 'string' && typeof id !== 'number') return
    const threadId = textIn(objectIn(message, 'params'), 'threadId')
    this.open.set(JSON.stringify(id), { requestId: id, threadId })
  }

  /**
   * The client answers. Returns whether Codex gets the answer: not where somebody was faster, nor where the question belongs to an
   * app-server that has gone, since a new one uses the same ids again; nor that this client cannot show it, while others can.
   */
  onReply(id: string, reply: JsonObject): boolean {
    const question = this.open.get(id)
    if (!question) return false
    const { core, author } = this.session
    const { threadId, requestId } = question
    if (threadId === null) return this.open.delete(id)
    const result = objectIn(reply, 'result')
    if (!result && othersCanAnswer(core, threadId)) return false
    this.open.delete(id)
    return core.approvals.answerFromStock(threadId, requestId, result ?? {}, author)
  }

  onResolved(requestId: unknown): void {
    this.open.delete(JSON.stringify(requestId))
  }

  /** The app-server that asked has gone. Returns the questions that are over. */
  cancelAll(): Question[] {
    const all = [...this.open.values()]
    this.open.clear()
    return all
  }
}

/** Somebody else is there who gets the thread's approvals. */
function othersCanAnswer({ peers }: Pick<DaemonCore, 'peers'>, threadId: string): boolean {
  const answering = peers.followers(threadId).filter(({ answers }) => answers)
  return answering.length + peers.guests(threadId) > 1
}
