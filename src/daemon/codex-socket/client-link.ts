/** A stock client's own link as the way of a request that the gate lets through. */
import { UpstreamError } from '../../codex/link/upstream-error.ts'
import { ShareError } from '../../protocol/errors.ts'
import { type JsonObject, objectIn, textIn } from '../../protocol/json/read-json.ts'
import { effectOf } from '../gate/method-effects.ts'
import type { Outcome } from '../gate/outcome.ts'
import type { Sender, Sent } from '../gate/sender.ts'
import type { ClientThread } from './client-threads.ts'
import { messageIn } from './frames/peek-frame.ts'
import { refusalOf } from './rules/stock-errors.ts'
import type { ClientRequest, StockSession } from './stock-session.ts'

export class ClientLink implements Sender {
  readonly isGuest = true
  readonly unstored: Sender['unstored']
  /** Settles once the request is on its way. */
  private readonly handedOn = Promise.withResolvers<void>()
  private readonly session: StockSession
  private readonly request: ClientRequest
  private answered = false

  constructor(session: StockSession, request: ClientRequest, thread: ClientThread | undefined) {
    this.session = session
    this.request = request
    this.unstored = thread?.isUnstored ? { id: thread.threadId, ...thread.facts } : undefined
  }

  /** Whether the client has had Codex's own answer. */
  get isAnswered(): boolean {
    return this.answered
  }

  /** Answers the client where Codex does not. Resolves when the request is on its way, or was not let through. */
  settle<T>(outcome: Promise<Outcome<T>>, onTaken: (value: T) => void): Promise<void> {
    const { session, request } = this
    const done = outcome.then((known) => {
      if (known.is === 'taken') return onTaken(known.value)
      if (this.answered) return
      const { core, author } = session
      const err = 'error' in known ? known.error : known.is
      core.log.info({ err, method: request.method, client: author.label }, 'a turn was refused')
      session.refuse(request, refusalOf(known, effectOf(request.method)))
    })
    return Promise.race([this.handedOn.promise, done.catch(session.guard.failed)])
  }

  untilLinked(): Promise<void> {
    return this.session.untilLinked()
  }

  send(_method: string, params: JsonObject): Promise<Sent> {
    const { session, request } = this
    return new Promise((resolve) => {
      const onReply = (data: Buffer) => {
        this.answered = true
        const reply = messageIn(data) ?? {}
        const error = objectIn(reply, 'error')
        resolve(error ? { is: 'refused', error: upstreamError(error) } : { is: 'answered', result: reply.result })
      }
      const onLost = () => resolve({ is: 'lost', error: lost() })
      session.pass(request, { onReply, onLost }, isSame(params, request.params) ? undefined : params)
      this.handedOn.resolve()
    })
  }
}

/** Where the daemon has neither given a prompt an id nor left anything out, the message is passed on byte for byte. */
function isSame(params: JsonObject, original: JsonObject): boolean {
  return Object.entries(params).every(([name, value]) => value === original[name])
}

function upstreamError(error: JsonObject): UpstreamError {
  const code = typeof error.code === 'number' ? error.code : -32603
  return new UpstreamError({ code, message: textIn(error, 'message') ?? 'Codex refused.', data: error.data })
}

function lost(): ShareError {
  return new ShareError('connectionLost', 'the Codex app-server ended before it answered', { facts: { sent: true } })
}
