/** The first words on a channel to an app-server, and the typed link that stands when they are said. */
import * as v from 'valibot'
import { ShareError, type WireError } from '../../protocol/errors.ts'
import { asResultOf } from '../decoding/upstream-results.ts'
import type { RequestId, UpstreamMethod, UpstreamParams, UpstreamResult } from '../decoding/upstream-types.ts'
import type { LinkEnd } from './app-server-socket.ts'
import type { CallOptions, UpstreamChannel } from './upstream-channel.ts'

export interface InitializeOptions {
  /** Named to the app-server, which puts it into its logs and the threads it makes. */
  readonly client: { readonly name: string; readonly version: string }
  /** Milliseconds for `initialize`. */
  readonly timeoutMs: number
  /** Notifications that the app-server need not send on this link. */
  readonly optOutNotificationMethods?: readonly string[]
  readonly signal?: AbortSignal | undefined
}

/** What the running app-server says of itself; `version` is its own, which an upgraded binary on disk does not change. */
export interface AppServerFacts {
  readonly version: string
  readonly codexHome: string
  readonly userAgent: string
}

/** How calls fail: see `UpstreamChannel.call`. */
export interface AppServerLink {
  readonly server: AppServerFacts
  readonly closed: Promise<LinkEnd>
  request<M extends UpstreamMethod>(
    method: M,
    params: UpstreamParams<M>,
    options?: CallOptions,
  ): Promise<UpstreamResult<M>>
  /** Passes on a method that this program need not know; the result comes back as it came. */
  forward(method: string, params: unknown, options?: CallOptions): Promise<unknown>
  /** How many requests wait for their answer. */
  unanswered(): number
  /** Answers a request of the app-server's. */
  respond(id: RequestId, result: unknown): void
  reject(id: RequestId, error: WireError): void
  close(): void
}

/**
 * Says `initialize` and `initialized`. The channel is ended when that fails.
 *
 * @throws what a call throws
 */
export async function initializeAppServer(
  channel: UpstreamChannel,
  options: InitializeOptions,
): Promise<AppServerLink> {
  const { timeoutMs, signal } = options
  try {
    const server = readFacts(await channel.call('initialize', introduction(options), { timeoutMs, signal }))
    channel.tell({ method: 'initialized' })
    return {
      server,
      closed: channel.closed,
      request: async (method, params, callOptions) =>
        asResultOf(method, await channel.call(method, params, callOptions)),
      forward: channel.call,
      unanswered: channel.unanswered,
      respond: (id, result) => channel.tell({ id, result }),
      reject: (id, error) => channel.tell({ id, error }),
      close: () => channel.end({ why: 'closed', message: 'closed by codex-share' }),
    }
  } catch (error) {
    channel.end({ why: 'closed', message: 'initialize failed' })
    throw error
  }
}

function introduction({ client, optOutNotificationMethods = [] }: InitializeOptions): UpstreamParams<'initialize'> {
  return {
    clientInfo: { ...client, title: null },
    // Paging through turns (thread/turns/list) and excludeTurns are still behind this.
    capabilities: {
      experimentalApi: true,
      requestAttestation: false,
      optOutNotificationMethods: [...optOutNotificationMethods],
    },
  }
}

const helloSchema = v.object({ userAgent: v.string(), codexHome: v.string() })

/** The user agent begins with our own client name, then the server's version: `codex-share/0.169.0 (Debian …)`. */
function readFacts(hello: unknown): AppServerFacts {
  const parsed = v.safeParse(helloSchema, hello)
  if (!parsed.success) {
    throw new ShareError('unavailable', 'What listens there is not a Codex app-server that this program knows.', {
      facts: { sent: true },
    })
  }
  const { userAgent, codexHome } = parsed.output
  return { userAgent, codexHome, version: /^[^/]*\/(\S+)/.exec(userAgent)?.[1] ?? 'unknown' }
}
