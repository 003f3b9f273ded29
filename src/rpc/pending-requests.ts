/** The requests on one connection that wait for their answer: each ends exactly once. */
import { awakeTimeout } from '../platform/time/awake-clock.ts'

export type RequestEnd<Answer> =
  | { readonly is: 'answered'; readonly answer: Answer }
  | { readonly is: 'timedOut' }
  | { readonly is: 'aborted' }
  /** The connection has ended. */
  | { readonly is: 'closed'; readonly reason: string }
  /** Its id was used again before the answer came: whose the next answer is cannot be known. */
  | { readonly is: 'replaced' }

export interface RequestLimits {
  /** Milliseconds until the request is given up; without it the request waits as long as the connection stands. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export class PendingRequests<Id, Answer> {
  private readonly waiting = new Map<Id, (end: RequestEnd<Answer>) => void>()
  private readonly startTimeout: typeof awakeTimeout

  constructor(startTimeout = awakeTimeout) {
    this.startTimeout = startTimeout
  }

  get size(): number {
    return this.waiting.size
  }

  add(id: Id, onEnd: (end: RequestEnd<Answer>) => void, { timeoutMs, signal }: RequestLimits = {}): void {
    this.end(id, { is: 'replaced' })
    if (timeoutMs === undefined && signal === undefined) {
      this.waiting.set(id, onEnd)
      return
    }
    const timer =
      timeoutMs === undefined ? undefined : this.startTimeout(() => this.end(id, { is: 'timedOut' }), timeoutMs)
    const abort = () => this.end(id, { is: 'aborted' })
    signal?.addEventListener('abort', abort)
    this.waiting.set(id, (end) => {
      timer?.clear()
      signal?.removeEventListener('abort', abort)
      onEnd(end)
    })
  }

  /** False when nobody waits for it: given up already, or never asked. */
  answer(id: Id, answer: Answer): boolean {
    return this.end(id, { is: 'answered', answer })
  }

  /** The connection has ended: nobody is left waiting. */
  closeAll(reason: string): void {
    for (const id of [...this.waiting.keys()]) this.end(id, { is: 'closed', reason })
  }

  private end(id: Id, end: RequestEnd<Answer>): boolean {
    const onEnd = this.waiting.get(id)
    if (!onEnd) return false
    // Before it is called, as it may ask the next thing under the same id.
    this.waiting.delete(id)
    onEnd(end)
    return true
  }
}
