/** A connection that comes back: opened when first asked for, and opened again, with back-off, after it was lost. */
import { setTimeout as delay } from 'node:timers/promises'
import { awakeMs } from '../platform/time/awake-clock.ts'
import { isShareError, ShareError } from '../protocol/errors.ts'
import type { DaemonClient } from './connection/daemon-client.ts'
import { type Endpoint, endpointName } from './connection/endpoint.ts'
import { type OpenClientOptions, openClient } from './open-client.ts'

export interface DaemonLinkOptions extends OpenClientOptions {
  /** Milliseconds to try to come back before giving up; 15 s by default. */
  readonly reconnectMs?: number
}

const longestPauseMs = 2000
const noticeAfterMs = 300
const mostReads = 5

export class DaemonLink {
  private readonly options: DaemonLinkOptions
  private endpoint: Endpoint
  private current: DaemonClient | undefined
  private opening: Promise<DaemonClient> | undefined
  /** Since the last connection. */
  private readonly told = new Set<string>()

  constructor(options: DaemonLinkOptions) {
    this.endpoint = options.endpoint
    this.options = { ...options, notice: (text) => this.tell(text, options.notice) }
  }

  /**
   * The live connection; callers that ask at the same time share one attempt.
   *
   * @throws ShareError as `openClient`; after a loss `connectionLost` when it did not come back in time
   */
  client(): Promise<DaemonClient> {
    if (this.current && !this.current.closed) return Promise.resolve(this.current)
    this.opening ??= this.open().finally(() => {
      this.opening = undefined
    })
    return this.opening
  }

  /**
   * Asks what may be asked twice: again over the next connection when this one ends before the answer, as in a restart of the daemon.
   *
   * @throws as `client`, and what `ask` throws
   */
  async read<T>(ask: (client: DaemonClient) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      const client = await this.client()
      try {
        return await ask(client)
      } catch (error) {
        if (!isShareError(error, 'connectionLost') || tries === mostReads) throw error
      }
    }
  }

  /** The daemon is on another machine. */
  get isRemote(): boolean {
    return this.options.endpoint.kind === 'ssh'
  }

  /** Where the daemon was reached last: it is looked for there first when it comes back. */
  get reached(): Endpoint {
    return this.endpoint
  }

  close(): void {
    this.current?.close()
  }

  /** A daemon that is started again and again is not reported again and again. */
  private tell(text: string, notice: (text: string) => void): void {
    if (!this.told.has(text)) notice(text)
    this.told.add(text)
  }

  private async open(): Promise<DaemonClient> {
    this.current = this.current === undefined ? await openClient(this.options) : await this.reopen()
    this.endpoint = this.current.reached
    this.told.clear()
    return this.current
  }

  private async reopen(): Promise<DaemonClient> {
    const { endpoint } = this
    const { reconnectMs = 15_000, signal, notice } = this.options
    const lostAt = awakeMs()
    let told = ''
    for (let attempt = 0; ; attempt += 1) {
      try {
        const client = await openClient({ ...this.options, endpoint, start: 'crashed' })
        if (told !== '') notice('connected again')
        return client
      } catch (error) {
        signal?.throwIfAborted()
        if (!isShareError(error, 'unavailable')) throw error
        const lostMs = awakeMs() - lostAt
        if (lostMs > reconnectMs) throw gaveUp(endpointName(endpoint), lostMs, error)
        if (lostMs > noticeAfterMs && told !== error.message) {
          told = error.message
          notice(`connection lost: ${error.message}; trying again…`)
        }
      }
      // Half of it random: many clients lose the same daemon at the same moment.
      const pauseMs = Math.min(longestPauseMs, 50 * 2 ** attempt)
      await delay(pauseMs / 2 + (Math.random() * pauseMs) / 2, undefined, signal ? { signal } : {})
    }
  }
}

function gaveUp(endpoint: string, lostMs: number, cause: ShareError): ShareError {
  return new ShareError(
    'connectionLost',
    `the connection to ${endpoint} was lost and did not come back within ${Math.round(lostMs / 1000)} s: ${cause.message}`,
    {
      facts: { endpoint },
      cause,
    },
  )
}
