/** How long to wait before the next try, and when to call it degraded. Pure but for the jitter. */

export interface BackOffOptions {
  /** Milliseconds before the second try; each further wait is twice as long. */
  readonly firstMs: number
  readonly longestMs: number
  /** Failures in a row until every wait is the longest one. */
  readonly degradedAfter: number
}

/** Five failures in a row are within a minute at these waits; what ran well for a minute starts a new row. */
export const defaultBackOff: BackOffOptions = { firstMs: 500, longestMs: 30_000, degradedAfter: 5 }

export class BackOff {
  readonly #options: BackOffOptions
  #failures = 0

  constructor(options: BackOffOptions = defaultBackOff) {
    this.#options = options
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures
  }

  get isDegraded(): boolean {
    return this.#failures >= this.#options.degradedAfter
  }

  /** Counts a failure and returns the whole milliseconds to wait, give or take a quarter, so that many who failed at once do not meet again. */
  countFailure(): number {
    this.#failures += 1
    const { firstMs, longestMs } = this.#options
    const wait = this.isDegraded ? longestMs : Math.min(longestMs, firstMs * 2 ** (this.#failures - 1))
    return Math.round(wait * (0.75 + Math.random() / 2))
  }

  /** What failed will fail again until a person has done something: the longest wait from now on. */
  giveUp(): void {
    this.#failures = Math.max(this.#failures, this.#options.degradedAfter - 1)
  }

  reset(): void {
    this.#failures = 0
  }
}
