/** A connection to a daemon after the handshake: typed calls, Codex's own methods, and what the daemon sends by itself. */
import * as v from 'valibot'
import { isShareError, ShareError } from '../../protocol/errors.ts'
import { type MethodName, type MethodParams, type MethodResult, methods } from '../../protocol/methods.ts'
import type { OtherHome } from '../../protocol/other-home.ts'
import type { Channel } from '../../rpc/channel.ts'
import { type RequestOptions, RpcPeer } from '../../rpc/rpc-peer.ts'
import { type Endpoint, endpointName } from './endpoint.ts'
import { type EventFrame, EventFrameReader, isEvent } from './event-frames.ts'

/** What the daemon says by itself. Events come as frames, everything else parsed. */
export interface DaemonListener {
  onEvent?(frame: EventFrame): void
  onNotification?(method: string, params: unknown): void
}

/** Failures that happen on the way and not in the daemon, so that their message must name the way. */
const onTheWay = ['connectionLost', 'timedOut'] as const

export class DaemonClient {
  /** The user's own daemon may be at another socket than the environment means. */
  readonly reached: Endpoint
  /** As people read it: `unix:///…`. */
  readonly endpoint: string
  /** Where the daemon's CODEX_HOME is another than ours: over this connection we only read. */
  otherHome: OtherHome | undefined
  private readonly channel: Channel
  private readonly rpc: RpcPeer
  private readonly listeners = new Set<DaemonListener>()
  private readonly frames = new EventFrameReader()
  private gone = false

  constructor(channel: Channel, reached: Endpoint) {
    this.reached = reached
    this.endpoint = endpointName(reached)
    this.channel = channel
    this.rpc = new RpcPeer(channel, {
      intercept: (bytes, start, end) => this.intercept(bytes, start, end),
      onNotification: (method, params) => {
        for (const listener of this.listeners) listener.onNotification?.(method, params)
      },
    })
    this.rpc.onClose(() => {
      this.gone = true
    })
  }

  get closed(): boolean {
    return this.gone
  }

  /**
   * Calls one of the daemon's own methods.
   *
   * @throws ShareError the daemon's, or one that names the endpoint when it failed on the way; `connectionLost` has `facts.sent`
   */
  async call<M extends MethodName>(
    method: M,
    params: MethodParams<M>,
    options?: RequestOptions,
  ): Promise<MethodResult<M>> {
    return this.checked(method, await this.forward(method, params, options))
  }

  /** Calls one of Codex's methods, which the daemon passes on. */
  async forward(method: string, params: unknown, options?: RequestOptions): Promise<unknown> {
    try {
      return await this.rpc.request(method, params, options)
    } catch (error) {
      if (!isShareError(error, ...onTheWay) || options?.signal?.aborted) throw error
      const { errorName, message, facts, hint } = error
      throw new ShareError(errorName, `${message} (${this.endpoint})`, {
        facts: { ...facts, endpoint: this.endpoint },
        hint,
        cause: error,
      })
    }
  }

  notify(method: string, params: unknown): void {
    this.rpc.notify(method, params)
  }

  /** Listens until the returned function is called. */
  listen(listener: DaemonListener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Stops reading from the daemon, which then keeps the events until `resume`. */
  pause(): void {
    this.channel.pause()
  }

  resume(): void {
    this.channel.resume()
  }

  onClose(callback: (reason: Error) => void): void {
    this.rpc.onClose(callback)
  }

  close(): void {
    this.rpc.close()
  }

  private intercept(bytes: Buffer, start: number, end: number): boolean {
    const event = this.frames.read(bytes, start, end)
    if (!event) return false
    for (const listener of this.listeners) listener.onEvent?.(event)
    return true
  }

  private checked<M extends MethodName>(method: M, result: unknown): MethodResult<M> {
    const schema: v.GenericSchema = method === 'share/events' ? eventsEnvelope : methods[method].result
    const { success, issues } = v.safeParse(schema, result)
    // The result itself is given back, not valibot's copy: members that a newer daemon adds stay.
    if (success) return result as MethodResult<M>
    const [issue] = issues
    throw new ShareError(
      'unexpected',
      `the daemon at ${this.endpoint} answered ${method} in a form this program does not know: ${v.getDotPath(issue) ?? ''} ${issue.message}`,
      {
        hint: 'Bring both to the same version, then run `codex-share daemon restart`.',
      },
    )
  }
}

/** A page has up to 5,000 events; the schema of the table would take longer over them than everything else together. */
const eventsEnvelope = v.object({
  ...methods['share/events'].result.entries,
  events: v.custom<unknown[]>((events) => Array.isArray(events) && events.every(isEvent), 'not a list of events'),
})
