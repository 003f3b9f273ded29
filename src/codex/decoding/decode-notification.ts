/** Reads a notification of Codex's once, where it comes in: what it is about, and its effect. Nothing behind this goes by its method. */
import * as v from 'valibot'
import { type JsonObject, objectIn, textIn } from '../../protocol/json/read-json.ts'
import { type EffectKind, effectKindOf, type notifications } from '../../protocol/notifications.ts'
import type { ServerNotification } from './upstream-types.ts'

/** What a message of the app-server's is about, as far as it says so. */
export interface Subject {
  readonly threadId: string | null
  /** The root turn's. */
  readonly turnId: string | null
  readonly itemId: string | null
}

/** A notification: its method and parameters as they came, and what this program reads of them. */
export interface UpstreamNotification extends Subject {
  readonly method: string
  readonly params: JsonObject
  /** Milliseconds since 1970, set by the app-server. */
  readonly emittedAtMs: number
  /** The request id of the prompt that a `userMessage` item is. */
  readonly requestId: string | null
  readonly effect: NotificationEffect
}

/** What Codex says of a thread in which nothing runs; the second after a turn that has failed. */
const idle: ReadonlySet<string> = new Set(['idle', 'systemError'])

const itemSchema = v.looseObject({ turnId: v.string(), item: v.looseObject({ id: v.string(), type: v.string() }) })

/** What is read beyond the ids, where a notification tells more than that something happened. */
const readers = {
  /** `runsAs` is the id under which Codex runs the turn: for a review, a sub-turn's. */
  turnStarted: v.pipe(
    v.looseObject({ turn: v.looseObject({ id: v.string(), rootTurnId: v.nullish(v.string()) }) }),
    v.transform(({ turn: { id, rootTurnId } }) => makeEffect('turnStarted', { turnId: rootTurnId ?? id, runsAs: id })),
  ),
  /** `isDated` is false for a turn that its app-server did not survive. */
  turnEnded: v.pipe(
    v.looseObject({
      turn: v.looseObject({
        id: v.string(),
        rootTurnId: v.nullish(v.string()),
        status: v.string(),
        completedAt: v.nullish(v.number()),
      }),
    }),
    v.transform(({ turn: { id, rootTurnId, status, completedAt } }) =>
      makeEffect('turnEnded', { turnId: rootTurnId ?? id, status, isDated: typeof completedAt === 'number' }),
    ),
  ),
  /** A command may run on in the background when its turn has ended. */
  itemStarted: v.pipe(
    itemSchema,
    v.transform(({ item }) => makeEffect('itemStarted', { mayOutliveTurn: item.type === 'commandExecution' })),
  ),
  itemCompleted: v.pipe(
    itemSchema,
    v.transform(() => makeEffect('itemCompleted', {})),
  ),
  questionResolved: v.pipe(
    v.looseObject({ requestId: v.union([v.string(), v.number()]) }),
    v.transform(({ requestId }) => makeEffect('questionResolved', { requestId })),
  ),
  statusChanged: v.pipe(
    v.looseObject({ status: v.looseObject({ type: v.string(), activeFlags: v.optional(v.array(v.string())) }) }),
    v.transform(({ status: { type, activeFlags = [] } }) =>
      makeEffect('statusChanged', {
        isIdle: idle.has(type),
        waitsOnApproval: activeFlags.includes('waitingOnApproval'),
      }),
    ),
  ),
  nameChanged: v.pipe(
    v.looseObject({ threadName: v.nullish(v.string()) }),
    v.transform(({ threadName }) => makeEffect('nameChanged', { name: threadName ?? null })),
  ),
  settingsChanged: v.pipe(
    v.looseObject({ threadSettings: v.looseObject({}) }),
    v.transform(({ threadSettings }) => makeEffect('settingsChanged', { settings: threadSettings })),
  ),
  configWarned: v.pipe(
    v.looseObject({ summary: v.string(), details: v.nullish(v.string()) }),
    v.transform(({ summary, details }) => makeEffect('configWarned', { summary, details: details ?? null })),
  ),
} satisfies { readonly [T in EffectKind]?: v.GenericSchema<object, { readonly kind: T }> }

type Read = keyof typeof readers
export type NotificationEffect =
  | v.InferOutput<(typeof readers)[Read]>
  | { readonly kind: Exclude<EffectKind, Read> }
  /** One of the above, in a form that is not known here. */
  | { readonly kind: 'unreadable'; readonly problem: string }

/** The parameters, as they are generated, of the methods with this effect. */
type ParamsOfEffect<T extends EffectKind> = {
  readonly [M in keyof typeof notifications]: (typeof notifications)[M]['effectKind'] extends T
    ? Extract<ServerNotification, { readonly method: M }>['params']
    : never
}[keyof typeof notifications]
/** What is read of a member that the generated types do not have, or have otherwise: with any, this file does not compile. */
type Otherwise = {
  readonly [T in Read]: ParamsOfEffect<T> extends v.InferInput<(typeof readers)[T]> ? never : T
}[Read]
export type NoUnreadNotification<None extends never = Otherwise> = None

export function decodeNotification(method: string, params: JsonObject, emittedAtMs: number): UpstreamNotification {
  const { threadId, turnId, itemId } = subjectOf(params)
  return {
    method,
    params,
    emittedAtMs,
    threadId,
    turnId,
    itemId,
    requestId: promptIdOf(params),
    effect: effectOf(effectKindOf(method), params),
  }
}

/**
 * The turn is the root turn, which is a turn's one identity: Codex begins a review under the id of a sub-turn, and tells all else of it, its
 * end too, under the root's.
 */
export function subjectOf(params: JsonObject): Subject {
  const turn = objectIn(params, 'turn')
  return {
    threadId: textIn(params, 'threadId'),
    turnId: textIn(params, 'turnId') ?? textIn(turn, 'rootTurnId') ?? textIn(turn, 'id'),
    itemId: textIn(params, 'itemId') ?? textIn(objectIn(params, 'item'), 'id'),
  }
}

function promptIdOf(params: JsonObject): string | null {
  const item = objectIn(params, 'item')
  return textIn(item, 'type') === 'userMessage' ? textIn(item, 'clientId') : null
}

function effectOf(kind: EffectKind, params: JsonObject): NotificationEffect {
  if (!isRead(kind)) return { kind }
  const { success, output, issues } = v.safeParse(readers[kind], params)
  if (success) return output
  const [issue] = issues
  return { kind: 'unreadable', problem: `${v.getDotPath(issue) ?? 'params'}: ${issue.message}` }
}

function isRead(kind: EffectKind): kind is Read {
  return Object.hasOwn(readers, kind)
}

function makeEffect<K extends EffectKind, Members extends object>(kind: K, members: Members) {
  return { kind, ...members } as { readonly kind: K } & Readonly<Members>
}
