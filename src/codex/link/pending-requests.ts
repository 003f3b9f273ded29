/** The requests on one link that wait for their answer: each ends exactly once, by answer, deadline, abort or the end of the link. */
import { awakeTimeout } from '../../platform/time/awake-clock.ts'
import { ShareError } from '../../protocol/errors.ts'

export interface PendingOptions {
  readonly id: number
  readonly method: string
  /** Milliseconds until the request is given up. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export interface PendingRequest {
  readonly answer: Promise<unknown>
  /** To be called once the bytes are in the kernel's hands: from then on the app-server may have acted on them. */
  markSent(): void
}

interface Waiting {
  readonly method: string
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
  sent: boolean
}

/**
 * `onTimeout` is told when a deadline passed, for a look at whether the other side is alive at all.
 *
 * A request that ends without an answer is rejected with a ShareError whose `facts.sent` says whether the app-server may have got
 * it: only `sent: false` is safe to repeat.
 */
export class PendingRequests {
  readonly #waiting = new Map<number, Waiting>()
  readonly #onTimeout: () => void

  constructor(onTimeout: () => void) {
    this.#onTimeout = onTimeout
  }

  get size(): number {
    return this.#waiting.size
  }

  add({ id, method, timeoutMs, signal }: PendingOptions): PendingRequest {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const giveUp = (name: 'timedOut' | 'cancelled', message: string) => {
      if (this.#waiting.delete(id)) reject(new ShareError(name, message, { facts: { method, sent: waiting.sent } }))
    }
    const timer = awakeTimeout(() => {
      giveUp('timedOut', `Codex did not answer ${method} within ${timeoutMs / 1000} s.`)
      this.#onTimeout()
    }, timeoutMs)
    const abort = () => giveUp('cancelled', `${method} was cancelled.`)
    signal?.addEventListener('abort', abort, { once: true })
    const waiting: Waiting = { method, resolve, reject, sent: false }
    this.#waiting.set(id, waiting)
    const answer = promise.finally(() => {
      timer.clear()
      signal?.removeEventListener('abort', abort)
    })
    const markSent = () => {
      waiting.sent = true
    }
    return { answer, markSent }
  }

  /** False when nobody waits for it: given up already, or never asked. */
  resolve(id: unknown, result: unknown): boolean {
    return this.#take(id, (waiting) => waiting.resolve(result))
  }

  reject(id: unknown, error: Error): boolean {
    return this.#take(id, (waiting) => waiting.reject(error))
  }

  /** The link has ended for the reason given: nobody is left waiting. */
  rejectAll(reason: string): void {
    for (const id of [...this.#waiting.keys()]) {
      this.#take(id, ({ method, sent, reject }) => reject(connectionLost(method, { sent, reason })))
    }
  }

  #take(id: unknown, end: (waiting: Waiting) => void): boolean {
    const waiting = typeof id === 'number' ? this.#waiting.get(id) : undefined
    if (waiting === undefined || typeof id !== 'number') return false
    this.#waiting.delete(id)
    end(waiting)
    return true
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
