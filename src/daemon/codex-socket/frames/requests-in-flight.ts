/** The requests on one link of a stock client's that wait for Codex's reply: each ends once, by its reply or with the link. */

export interface InFlight {
  /** Sees the reply before the client does. */
  readonly onReply?: (data: Buffer) => void
  /** The link ended first. Whoever takes this answers the client; for all others it is done for them. */
  readonly onLost?: () => void
  /** A request of the daemon's own: its reply is not for the client. */
  readonly isOurs?: boolean
}

export class RequestsInFlight {
  private readonly waiting = new Map<string, InFlight>()

  /** `id` is the id's JSON text. */
  add(id: string, request: InFlight): void {
    this.waiting.set(id, request)
  }

  /** A reply came. Returns whether the client is to have it. */
  settle(id: string, data: Buffer): boolean {
    const request = this.waiting.get(id)
    this.waiting.delete(id)
    request?.onReply?.(data)
    return request?.isOurs !== true
  }

  /** The link has ended. Returns the ids that the client still waits for. */
  lose(): string[] {
    const lost = [...this.waiting]
    this.waiting.clear()
    for (const [, { onLost }] of lost) onLost?.()
    return lost.flatMap(([id, { onLost, isOurs }]) => (onLost || isOurs ? [] : [id]))
  }

  get size(): number {
    return this.waiting.size
  }
}
