/** The app-server's own types, as its binary generates them: the one door to generated/codex, and a door for types only. */
import type { ClientRequest } from '../../../generated/codex/ClientRequest.ts'
import type { InitializeResponse } from '../../../generated/codex/InitializeResponse.ts'
import type { GetAccountResponse } from '../../../generated/codex/v2/GetAccountResponse.ts'
import type { ThreadForkResponse } from '../../../generated/codex/v2/ThreadForkResponse.ts'
import type { ThreadListResponse } from '../../../generated/codex/v2/ThreadListResponse.ts'
import type { ThreadLoadedListResponse } from '../../../generated/codex/v2/ThreadLoadedListResponse.ts'
import type { ThreadQueueAddResponse } from '../../../generated/codex/v2/ThreadQueueAddResponse.ts'
import type { ThreadQueueDeleteResponse } from '../../../generated/codex/v2/ThreadQueueDeleteResponse.ts'
import type { ThreadQueueListResponse } from '../../../generated/codex/v2/ThreadQueueListResponse.ts'
import type { ThreadQueueReorderResponse } from '../../../generated/codex/v2/ThreadQueueReorderResponse.ts'
import type { ThreadQueueStartResponse } from '../../../generated/codex/v2/ThreadQueueStartResponse.ts'
import type { ThreadQueueUpdateResponse } from '../../../generated/codex/v2/ThreadQueueUpdateResponse.ts'
import type { ThreadReadResponse } from '../../../generated/codex/v2/ThreadReadResponse.ts'
import type { ThreadResumeResponse } from '../../../generated/codex/v2/ThreadResumeResponse.ts'
import type { ThreadSetNameResponse } from '../../../generated/codex/v2/ThreadSetNameResponse.ts'
import type { ThreadStartResponse } from '../../../generated/codex/v2/ThreadStartResponse.ts'
import type { ThreadTurnsListResponse } from '../../../generated/codex/v2/ThreadTurnsListResponse.ts'
import type { ThreadUnsubscribeResponse } from '../../../generated/codex/v2/ThreadUnsubscribeResponse.ts'
import type { TurnInterruptResponse } from '../../../generated/codex/v2/TurnInterruptResponse.ts'
import type { TurnStartResponse } from '../../../generated/codex/v2/TurnStartResponse.ts'
import type { TurnSteerResponse } from '../../../generated/codex/v2/TurnSteerResponse.ts'

export type { RequestId } from '../../../generated/codex/RequestId.ts'
export type { ServerNotification } from '../../../generated/codex/ServerNotification.ts'
export type { ServerRequest } from '../../../generated/codex/ServerRequest.ts'
export type { Account } from '../../../generated/codex/v2/Account.ts'
export type { ConfigWarningNotification } from '../../../generated/codex/v2/ConfigWarningNotification.ts'
export type { QueuedSubmission } from '../../../generated/codex/v2/QueuedSubmission.ts'
export type { Thread } from '../../../generated/codex/v2/Thread.ts'
export type { ThreadItem } from '../../../generated/codex/v2/ThreadItem.ts'
export type { Turn } from '../../../generated/codex/v2/Turn.ts'

/**
 * What each method answers. The generated types name the parameters of every method but not which result belongs to it,
 * so the methods that this program calls by itself are listed here; anything else goes through `forward`.
 */
export interface UpstreamResults {
  readonly initialize: InitializeResponse
  readonly 'account/read': GetAccountResponse
  readonly 'thread/start': ThreadStartResponse
  readonly 'thread/resume': ThreadResumeResponse
  readonly 'thread/fork': ThreadForkResponse
  readonly 'thread/read': ThreadReadResponse
  readonly 'thread/list': ThreadListResponse
  readonly 'thread/loaded/list': ThreadLoadedListResponse
  readonly 'thread/name/set': ThreadSetNameResponse
  readonly 'thread/turns/list': ThreadTurnsListResponse
  readonly 'thread/unsubscribe': ThreadUnsubscribeResponse
  readonly 'turn/start': TurnStartResponse
  readonly 'turn/steer': TurnSteerResponse
  readonly 'turn/interrupt': TurnInterruptResponse
}

/** What is answered in Codex's place, in its own form. */
export interface QueueResults {
  readonly 'thread/queue/add': ThreadQueueAddResponse
  readonly 'thread/queue/list': ThreadQueueListResponse
  readonly 'thread/queue/update': ThreadQueueUpdateResponse
  readonly 'thread/queue/delete': ThreadQueueDeleteResponse
  readonly 'thread/queue/reorder': ThreadQueueReorderResponse
  readonly 'thread/queue/start': ThreadQueueStartResponse
}

/** What a client may ask of an app-server. */
export type ClientMethod = ClientRequest['method']

export type UpstreamMethod = keyof UpstreamResults
export type UpstreamParams<M extends UpstreamMethod> = Extract<ClientRequest, { readonly method: M }>['params']
export type UpstreamResult<M extends UpstreamMethod> = UpstreamResults[M]
