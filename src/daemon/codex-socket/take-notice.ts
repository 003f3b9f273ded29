/** What a stock client is told, as far as the daemon goes by it: which turn runs, which question is over, that a new thread is stored. */
import { type Loose, objectIn, textIn } from '../thread-facts.ts'
import type { ClientQuestions } from './client-questions.ts'
import { followFirstTurn } from './follow-first-turn.ts'
import { parseObject } from './peek-frame.ts'
import type { StockSession } from './stock-session.ts'

export interface Noticing extends Pick<StockSession, 'core' | 'threads'> {
  readonly questions: ClientQuestions
}

/** Takes note of a notification on its way to the client; only those that matter are parsed. */
export function takeNotice(client: Noticing, method: string, data: Buffer): void {
  const { threads, questions } = client
  if (method === 'serverRequest/resolved') questions.resolved(paramsOf(data).requestId)
  else if (method === 'turn/started' || method === 'turn/completed') {
    const params = paramsOf(data)
    const thread = threads.get(textIn(params, 'threadId'))
    if (thread) thread.turnId = method === 'turn/started' ? textIn(objectIn(params, 'turn'), 'id') : null
    if (thread?.isUnstored && method === 'turn/completed') followFirstTurn(client, thread)
  } else if (method === 'item/completed') {
    if (!threads.list().some(({ isUnstored }) => isUnstored)) return
    const thread = threads.get(textIn(paramsOf(data), 'threadId'))
    if (thread?.isUnstored && !thread.isHelper) followFirstTurn(client, thread)
  }
}

function paramsOf(data: Buffer): Loose {
  return objectIn(parseObject(data) ?? {}, 'params') ?? {}
}
