/** What the rules for a stock client's messages work with: who it is, what it has open, and the ways to answer it. */
import type { WireError } from '../../protocol/errors.ts'
import type { Author } from '../../protocol/events.ts'
import type { JsonObject } from '../../protocol/json/read-json.ts'
import type { Guard } from '../../rpc/guard.ts'
import type { DaemonCore } from '../core.ts'
import type { PeerIdentity } from '../peers/peer-identity.ts'
import type { Right } from '../peers/rights.ts'
import type { ClientThread, ClientThreads } from './client-threads.ts'
import type { InFlight } from './frames/requests-in-flight.ts'

export interface ClientRequest {
  /** The id's JSON text. */
  readonly id: string
  readonly method: string
  readonly params: JsonObject
  /** As it came. */
  readonly data: Buffer
}

/** The client's threads as far as others may have them open too. */
export interface ThreadHandovers {
  /** It has opened the thread, for the first time or again. */
  onOpened(thread: ClientThread): void
  onClosed(threadId: string): void
  /** Whether its own link is the one that tells of the thread. */
  isOwn(threadId: string): boolean
}

export interface StockSession {
  readonly core: DaemonCore
  /** Ends the connection for what is thrown in serving it. */
  readonly guard: Guard
  readonly author: Author
  readonly identity: PeerIdentity
  readonly right: Right
  readonly threads: ClientThreads
  readonly handovers: ThreadHandovers
  /** The folder that the client runs in, as far as it has told. */
  folder: string | null
  /** It has said who it is, with this request. */
  onInitialize(request: ClientRequest): void
  /** Waits while the client is taken over to another app-server, and until it is linked to the first. */
  untilLinked(): Promise<void>
  /** Sends a request on to Codex as it came, or with other parameters; once the next app-server is there, if its link is away. */
  pass(request: ClientRequest, more?: InFlight, params?: JsonObject): void
  reply(request: ClientRequest, result: unknown): void
  refuse(request: ClientRequest, error: WireError): void
  /** Writes to the client what did not come from Codex. */
  tell(frame: string): void
  /** A thread that it has open is shared from now on, or no longer its. */
  announce(thread: ClientThread, change: 'joined' | 'left'): void
}
