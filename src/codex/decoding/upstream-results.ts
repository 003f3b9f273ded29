/**
 * What this program reads of Codex's results, checked where they come in: the types are those of the Codex that is developed against, and
 * the one that answers may be another.
 */
import * as v from 'valibot'
import { ShareError } from '../../protocol/errors.ts'
import type { UpstreamMethod, UpstreamResult, UpstreamResults } from './upstream-types.ts'

const anything = v.looseObject({})
const time = v.nullish(v.number())

const thread = v.looseObject({
  id: v.string(),
  name: v.nullish(v.string()),
  cwd: v.string(),
  preview: v.string(),
  path: v.nullish(v.string()),
  parentThreadId: v.nullish(v.string()),
  status: v.optional(v.looseObject({ type: v.string() })),
})
const turn = v.looseObject({
  id: v.string(),
  rootTurnId: v.nullish(v.string()),
  status: v.string(),
  items: v.array(v.looseObject({ type: v.string(), id: v.string(), startedAtMs: time, completedAtMs: time })),
  startedAt: time,
  completedAt: time,
  durationMs: time,
})
const withThread = v.looseObject({ thread })
const nextCursor = v.nullish(v.string())

const schemas = {
  initialize: anything,
  'account/read': v.looseObject({ account: v.nullish(v.looseObject({ type: v.string() })) }),
  'thread/start': withThread,
  'thread/resume': withThread,
  'thread/fork': withThread,
  'thread/read': withThread,
  'thread/list': v.looseObject({ data: v.array(thread), nextCursor }),
  'thread/loaded/list': v.looseObject({ data: v.array(v.string()) }),
  'thread/name/set': anything,
  'thread/turns/list': v.looseObject({ data: v.array(turn), nextCursor }),
  'thread/unsubscribe': anything,
  'turn/start': v.looseObject({ turn: v.looseObject({ id: v.string() }) }),
  'turn/steer': v.looseObject({ turnId: v.string() }),
  'turn/interrupt': anything,
} satisfies Record<UpstreamMethod, v.GenericSchema>

/** The methods whose result, as it is generated, is not what is read of it here: with any, this file does not compile. */
type Otherwise = {
  readonly [M in UpstreamMethod]: UpstreamResults[M] extends v.InferInput<(typeof schemas)[M]> ? never : M
}[UpstreamMethod]
export type NoStaleResult<None extends never = Otherwise> = None

/** @throws ShareError `unexpected` that names the member, when a result is not what this program can read */
export function asResultOf<M extends UpstreamMethod>(method: M, result: unknown): UpstreamResult<M> {
  const { success, issues } = v.safeParse(schemas[method], result)
  if (success) return result as UpstreamResult<M>
  const [issue] = issues ?? []
  const where = (issue && v.getDotPath(issue)) ?? 'the result'
  throw new ShareError(
    'unexpected',
    `Codex answered ${method} in a form that is not known here: ${where}: ${issue?.message}`,
    {
      hint: 'Is it newer than this codex-share? `codex-share doctor` tells.',
    },
  )
}
