/** A stock client as the rules for its messages see it: who it is, what it has open, and its two sides. */

import type { WireError } from '../../protocol/errors.ts'
import type { Author } from '../../protocol/events.ts'
import type { JsonObject } from '../../protocol/json/read-json.ts'
import type { Guard } from '../../rpc/guard.ts'
import type { DaemonCore } from '../core.ts'
import type { PeerIdentity } from '../peers/peer-identity.ts'
import type { Right } from '../peers/rights.ts'
import type { ClientIntroduction } from './client-introduction.ts'
import type { ClientThread, ClientThreads } from './client-threads.ts'
import type { ClientRequest } from './frames/client-frames.ts'

export interface PassOptions {
  /** Sees the reply before the client does. */
  readonly onReply?: (data: Buffer) => void
  /** The link ended first. The handler answers the client; without one that is done for it. */
  readonly onLost?: () => void
  /** A request of the daemon's own: its reply is not for the client. */
  readonly isOurs?: boolean
}

/** The side to the client. */
export interface ClientAnswers {
  reply(request: ClientRequest, result: unknown): void
  refuse(request: ClientRequest, error: WireError): void
  /** Writes a frame of Codex's wire. */
  send(frame: string): void
}

/** The side to the app-server. */
export interface CodexLink {
  /** Waits while the client is taken over to another app-server, and until it is linked to the first. */
  untilLinked(): Promise<void>
  /** Sends a request on as it came, or with other parameters; once the next app-server is there, if the link is away. */
  pass(request: ClientRequest, options?: PassOptions, params?: JsonObject): void
}

/** The client's threads as far as others may have them open too. */
export interface ThreadHandovers {
  /** It has opened the thread, for the first time or again. */
  onOpened(thread: ClientThread): void
  onClosed(threadId: string): void
  /** Whether its own link is the one that sends the thread. */
  isOwn(threadId: string): boolean
}

export interface StockSession {
  readonly core: DaemonCore
  /** Ends the connection for what is thrown in serving it. */
  readonly guard: Guard
  readonly author: Author
  readonly identity: PeerIdentity
  readonly right: Right
  /** It is a plain `codex`: what it does is private until somebody shares it. */
  readonly isAdopted: boolean
  /** It has left. */
  readonly isOver: boolean
  readonly introduction: ClientIntroduction
  readonly threads: ClientThreads
  readonly handovers: ThreadHandovers
  readonly client: ClientAnswers
  readonly server: CodexLink
  /** It has opened the thread, or no longer has it open. */
  announce(thread: ClientThread, change: 'joined' | 'left'): void
}
