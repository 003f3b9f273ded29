/** Brings a stock client's request to the gate, with the client's own link as its way to Codex. */

import { UpstreamError } from '../../codex/link/upstream-error.ts'
import { ShareError } from '../../protocol/errors.ts'
import { type JsonObject, objectIn, textIn } from '../../protocol/json/read-json.ts'
import type { Outcome } from '../gate/outcome.ts'
import type { Sender, Sent } from '../gate/sender.ts'
import type { ClientThread } from './client-threads.ts'
import type { ClientRequest } from './frames/client-frames.ts'
import { messageIn } from './frames/peek-frame.ts'
import type { StockSession } from './stock-session.ts'

/** What became of a request at the gate, and whether the client has had Codex's own answer to it. */
export type ClientOutcome<T> = Outcome<T> & { readonly isAnswered: boolean }

export interface ClientSubmission<T> {
  /** Settles once the request is on its way; never where the gate does not let it through. */
  readonly handedOn: Promise<void>
  readonly outcome: Promise<ClientOutcome<T>>
}

/** `bring` takes the request to the gate. */
export function submit<T>(
  { server }: Pick<StockSession, 'server'>,
  request: ClientRequest,
  thread: ClientThread | undefined,
  bring: (link: Sender) => Promise<Outcome<T>>,
): ClientSubmission<T> {
  const { promise: handedOn, resolve: setHandedOn } = Promise.withResolvers<void>()
  let isAnswered = false
  const send = (params: JsonObject) =>
    new Promise<Sent>((resolve) => {
      const onReply = (data: Buffer) => {
        isAnswered = true
        resolve(sentOf(messageIn(data) ?? {}))
      }
      const onLost = () => resolve({ is: 'lost', error: lost() })
      server.pass(request, { onReply, onLost }, isSame(params, request.params) ? undefined : params)
      setHandedOn()
    })
  const outcome = bring({
    isGuest: true,
    unstored: thread?.isUnstored ? { id: thread.threadId, ...thread.facts } : undefined,
    untilLinked: () => server.untilLinked(),
    send: (_method, params) => send(params).catch((error: unknown): Sent => ({ is: 'unsent', error })),
  })
  return { handedOn, outcome: outcome.then((known) => ({ ...known, isAnswered })) }
}

/** Where the daemon has neither given a prompt an id nor left anything out, the message is passed on byte for byte. */
function isSame(params: JsonObject, original: JsonObject): boolean {
  return Object.entries(params).every(([name, value]) => value === original[name])
}

function sentOf(reply: JsonObject): Sent {
  const error = objectIn(reply, 'error')
  return error
    ? { is: 'refused', error: upstreamError(error), isUnloaded: false }
    : { is: 'answered', result: reply.result }
}

function upstreamError(error: JsonObject): UpstreamError {
  const code = typeof error.code === 'number' ? error.code : -32603
  return new UpstreamError({ code, message: textIn(error, 'message') ?? 'Codex refused.', data: error.data })
}

function lost(): ShareError {
  return new ShareError('connectionLost', 'the Codex app-server ended before it answered', { facts: { sent: true } })
}
