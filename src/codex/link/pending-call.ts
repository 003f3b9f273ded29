/** A call to the app-server as a promise, and the errors of one that ends without an answer. */
import { ShareError, type WireError } from '../../protocol/errors.ts'
import type { PendingRequests, RequestEnd, RequestLimits } from '../../rpc/pending-requests.ts'
import { UpstreamError } from './upstream-error.ts'

export type CallAnswer = { readonly result: unknown } | { readonly error: WireError }

export interface CallToAdd extends RequestLimits {
  readonly id: number
  readonly method: string
  readonly timeoutMs: number
  /** A deadline has passed: the app-server may not be alive at all. */
  readonly onTimeout: () => void
}

export interface PendingCall {
  readonly answer: Promise<unknown>
  /** To be called once the bytes are in the kernel's hands: from then on the app-server may have acted on them. */
  markSent(): void
}

/**
 * A call that ends without an answer is rejected with a ShareError whose `facts.sent` says whether the app-server may have got it, or
 * still get it: only `sent: false` is safe to repeat.
 */
export function addCall(pending: PendingRequests<unknown, CallAnswer>, call: CallToAdd): PendingCall {
  const { id, method, timeoutMs, onTimeout } = call
  const { promise: answer, resolve, reject } = Promise.withResolvers<unknown>()
  let sent = false
  const onEnd = (end: RequestEnd<CallAnswer>) => {
    switch (end.is) {
      case 'answered':
        return 'error' in end.answer ? reject(new UpstreamError(end.answer.error)) : resolve(end.answer.result)
      case 'timedOut':
        reject(givenUp('timedOut', `Codex did not answer ${method} within ${timeoutMs / 1000} s.`))
        return onTimeout()
      case 'aborted':
        return reject(givenUp('cancelled', `${method} was cancelled.`))
      case 'closed':
        return reject(connectionLost(method, { sent, reason: end.reason }))
      case 'replaced':
        return reject(givenUp('unexpected', `the id of ${method} was used again`))
    }
  }
  // Bytes that wait to be written still go out on a link that stands, after the call was given up.
  const givenUp = (name: 'timedOut' | 'cancelled' | 'unexpected', message: string) =>
    new ShareError(name, message, { facts: { method, sent: true } })
  pending.add(id, onEnd, call)
  return {
    answer,
    markSent: () => {
      sent = true
    },
  }
}

/** The error of a request whose link has ended. `sent: false` is said only when the app-server cannot have got it. */
export function connectionLost(method: string, { sent, reason }: { readonly sent: boolean; readonly reason: string }) {
  const outcome = sent ? 'it is not known whether it had an effect' : 'it was not sent'
  return new ShareError('connectionLost', `The link to Codex ended during ${method} (${reason}); ${outcome}.`, {
    facts: { method, sent, reason },
    ...(sent ? {} : { hint: 'Nothing was sent: it is safe to try again.' }),
  })
}
