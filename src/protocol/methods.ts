/** The one table of the daemon's own methods: for each its parameters and its result. Client and daemon use the same row. */
import * as v from 'valibot'
import { approvalResolvedSchema, approvalSchema } from './approvals.ts'
import { authorSchema, eventSchema, gapSchema, startingPointSchema } from './events.ts'
import { initializeMethod } from './initialize.ts'
import { idRangeSchema, shortestForgettable } from './own-events.ts'
import { threadQueueSchema } from './queue.ts'
import { adoptionSchema, statusSchema } from './status.ts'

const threadId = v.object({ threadId: v.string() })

/** The turn that holds a thread. `turnId` is null between the reservation and the moment Codex names the turn. */
export const activeTurnSchema = v.object({
  threadId: v.string(),
  turnId: v.nullable(v.string()),
  startedAt: v.string(),
  by: v.nullable(authorSchema),
  waitingOnApproval: v.boolean(),
})
export type ActiveTurn = v.InferOutput<typeof activeTurnSchema>

/** A connection that follows a thread. `rights` is what it may do: `post` is prompts and what is its own, and no answers. */
const peerSchema = v.object({
  peerId: v.string(),
  label: v.string(),
  kind: v.string(),
  pid: v.nullable(v.number()),
  since: v.string(),
  readOnly: v.boolean(),
  rights: v.optional(v.picklist(['read', 'post', 'full'])),
  threads: v.array(v.string()),
})
export type Peer = v.InferOutput<typeof peerSchema>

/**
 * A thread that is open for sharing. `head` is the id of its newest event, 0 when it has none. `openIn` is there when the user's own
 * Codex server has the thread: what is typed there goes past the daemon, so that it cannot be refused as busy. `queue` is there where
 * something waits in it.
 */
const sharedThreadSchema = v.object({
  threadId: v.string(),
  name: v.nullable(v.string()),
  cwd: v.nullable(v.string()),
  preview: v.nullable(v.string()),
  openedAt: v.string(),
  updatedAt: v.string(),
  head: v.number(),
  peers: v.number(),
  turn: v.nullable(activeTurnSchema),
  openIn: v.optional(v.literal('codex')),
  queue: v.optional(threadQueueSchema),
  archived: v.optional(v.literal(true)),
})
export type SharedThread = v.InferOutput<typeof sharedThreadSchema>

/** A thread that is open in plain `codex` sessions, by their labels and pids, and that nobody has shared. */
const unsharedThreadSchema = v.object({
  threadId: v.string(),
  name: v.nullable(v.string()),
  cwd: v.nullable(v.string()),
  preview: v.nullable(v.string()),
  running: v.boolean(),
  openIn: v.array(v.object({ label: v.string(), pid: v.nullable(v.number()) })),
})
export type UnsharedThread = v.InferOutput<typeof unsharedThreadSchema>

/** The daemon's methods; everything else that a client asks goes to Codex. */
export const methods = {
  initialize: initializeMethod,

  // Threads

  /**
   * Opens a thread for sharing: a new one without `threadId`, else one that Codex knows. Sharing it again changes nothing but its name,
   * where another is given; `renamedFrom` is then the one it had. `submitted` names prompts of its history that the caller submitted, by
   * their `clientUserMessageId`: they are recorded as the caller's.
   */
  'share/open': {
    params: v.object({
      threadId: v.optional(v.string()),
      name: v.optional(v.string()),
      cwd: v.optional(v.string()),
      submitted: v.optional(v.array(v.string())),
    }),
    result: v.object({
      thread: sharedThreadSchema,
      opened: v.picklist(['new', 'existing', 'already']),
      renamedFrom: v.optional(v.string()),
    }),
  },
  /**
   * Closes sharing of a thread: its events stay readable, its peers get `share/closed`. Refused with `busy` while a turn runs.
   * `unsent` is how many prompts waited in its queue, which goes with it.
   */
  'share/close': { params: threadId, result: v.object({ unsent: v.optional(v.number()) }) },
  /** The shared threads; with `all` also those that are not shared and are open in a plain `codex` that was adopted. */
  'share/list': {
    params: v.object({ all: v.optional(v.boolean()) }),
    result: v.object({ threads: v.array(sharedThreadSchema), unshared: v.optional(v.array(unsharedThreadSchema)) }),
  },
  /**
   * Finds the thread meant by an id, a unique prefix, a name or `last`; opens one that only Codex knows, unless `open` is false. With
   * `stopped` one whose sharing was stopped is found as it is where no shared one is meant, and is not opened: `opened` says `stopped`.
   */
  'share/resolve': {
    params: v.object({ thread: v.string(), open: v.optional(v.boolean()), stopped: v.optional(v.boolean()) }),
    result: v.object({ thread: sharedThreadSchema, opened: v.picklist(['existing', 'already', 'stopped']) }),
  },

  // Events

  /**
   * Follows a thread: replays from the starting point, then follows live, as `share/event` notifications.
   * Without `after` and `from` it starts with what comes next. `share/caughtUp` is sent once, when the replay has reached the head; of a
   * thread that is not shared any more `share/closed` follows, and nothing after it.
   */
  'share/subscribe': {
    params: v.object({ threadId: v.string(), after: v.optional(v.number()), from: v.optional(startingPointSchema) }),
    result: v.object({ head: v.number(), turn: v.nullable(activeTurnSchema) }),
  },
  'share/unsubscribe': { params: threadId, result: v.object({}) },
  /**
   * A page of events, oldest first. Without `after` and `from` the newest. `next` is the id to pass as `after` for more, or null at the
   * head.
   */
  'share/events': {
    params: v.object({
      threadId: v.string(),
      after: v.optional(v.number()),
      from: v.optional(startingPointSchema),
      before: v.optional(v.number()),
      limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5000))),
    }),
    result: v.object({ events: v.array(eventSchema), next: v.nullable(v.number()), gap: v.nullable(gapSchema) }),
  },
  /**
   * Takes a turn, all events that hold a text (`match`), or a whole thread out of the ledger for good; the thread then leaves the list.
   * With `dryRun` it only counts. `busy` while a turn runs; `notFound` where there is nothing of it. `ledgerBytes` is the size of the
   * file, which is written whole and holds everybody up for about a second for 100 MiB. `unreached` are files that hold the same and are
   * not ours to change; `otherThreads` are threads of the ledger that hold the text as well.
   */
  'share/forget': {
    params: v.object({
      threadId: v.string(),
      turnId: v.optional(v.string()),
      match: v.optional(v.pipe(v.string(), v.minLength(shortestForgettable, 'it is too short'))),
      dryRun: v.optional(v.boolean()),
    }),
    result: v.object({
      threadId: v.string(),
      turnId: v.nullable(v.string()),
      events: v.number(),
      turns: v.number(),
      ranges: v.array(idRangeSchema),
      ledgerBytes: v.number(),
      otherThreads: v.array(v.string()),
      unreached: v.array(v.string()),
    }),
  },

  // Peers and approvals

  'share/who': {
    params: v.object({ threadId: v.optional(v.string()) }),
    result: v.object({ peers: v.array(peerSchema) }),
  },
  /** The approvals that wait for an answer, and those that had theirs last, the oldest first. Anyone may look. */
  'share/approvals': {
    params: v.object({ threadId: v.optional(v.string()) }),
    result: v.object({ approvals: v.array(approvalSchema), resolved: v.array(approvalResolvedSchema) }),
  },
  /**
   * Answers an approval; `result` is what Codex expects for its kind (see `answerTo`). The first answer counts: a later one is refused with
   * `conflict`, whose facts say `resolvedBy`. `denied` for a peer that did not say that it answers, `readOnly`, `notFound`;
   * `usage` for what is plainly no answer to its kind.
   */
  'share/answer': {
    params: v.object({ threadId: v.string(), approvalId: v.string(), result: v.record(v.string(), v.unknown()) }),
    result: v.object({}),
  },

  // The daemon itself

  'share/status': { params: v.object({}), result: statusSchema },
  /**
   * Listens from now on where a plain `codex` looks for its background server, or gives that place back; sessions that are open go on.
   * It is not remembered: the settings are. `unavailable` where that can never be had here.
   */
  'share/adopt': { params: v.object({ on: v.boolean() }), result: adoptionSchema },
  /**
   * Ends the app-server and starts the next one, with the daemon's environment and the Codex that is installed, as soon as no turn runs.
   * Until then `share/moveWaits` says for which; the request is cancelled by `$/cancelRequest`, or by leaving, and all stays as it is.
   */
  'share/moveAppServer': { params: v.object({}), result: v.object({}) },
  /** Asks the daemon to end. The app-server stays up by default. */
  'share/shutdown': {
    params: v.object({ appServer: v.optional(v.boolean()), reason: v.optional(v.string()) }),
    result: v.object({}),
  },
} as const

export type MethodName = keyof typeof methods
export type MethodParams<M extends MethodName> = v.InferInput<(typeof methods)[M]['params']>
export type MethodResult<M extends MethodName> = v.InferOutput<(typeof methods)[M]['result']>

/**
 * Members that the daemon adds to the result of a `turn/start` that it admitted.
 *
 * `duplicate` is true when the request id was seen before and the turn is the first one's.
 * `after` is the id of the event before the turn's first, so that `share/subscribe {after}` shows the turn whole.
 */
export const turnStartedSchema = v.looseObject({
  turn: v.looseObject({ id: v.string() }),
  share: v.object({ duplicate: v.boolean(), after: v.number() }),
})

/** Notifications from the daemon to a peer. */
export const daemonNotifications = {
  'share/event': eventSchema,
  'share/gap': gapSchema,
  'share/caughtUp': v.object({ threadId: v.string(), id: v.number() }),
  'share/closed': v.object({ threadId: v.string() }),
  /** To all that follow a thread: why nothing can be recorded at present, so that no event comes; null when it can again. */
  'share/ledger': v.object({ problem: v.nullable(v.string()) }),
  /** To peers that answer: an approval is waiting in a thread they follow; also said of those that wait already when they subscribe. */
  'share/approval': approvalSchema,
  /** To the same peers: it is over, by any answer. */
  'share/approvalResolved': approvalResolvedSchema,
  /** To all that follow the thread: what waits in its queue now. */
  'share/queue': threadQueueSchema,
  /** To the peer that asked for it: the app-server is moved once these turns have ended. */
  'share/moveWaits': v.object({ turns: v.array(activeTurnSchema) }),
  'share/peer': v.object({ threadId: v.string(), change: v.picklist(['joined', 'left']), peer: peerSchema }),
} as const
export type DaemonNotificationName = keyof typeof daemonNotifications
