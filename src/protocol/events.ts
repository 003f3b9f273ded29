/** Describes the events of a shared thread, as the ledger keeps them and every peer gets them. */
import * as v from 'valibot'

/** Who caused something: a peer's label, its kind, and its process where known. */
export const authorSchema = v.object({
  label: v.string(),
  kind: v.string(),
  pid: v.nullable(v.number()),
})
export type Author = v.InferOutput<typeof authorSchema>

/**
 * One event of a shared thread.
 *
 * `id` counts from 1 in each thread and is never reused; ids may have holes. `at` is RFC 3339 in UTC with milliseconds, from the
 * upstream's `emittedAtMs`. `method` and `params` are the app-server's notification as it came. `by` is who caused it, where known.
 */
export const eventSchema = v.object({
  id: v.number(),
  threadId: v.string(),
  turnId: v.nullable(v.string()),
  at: v.string(),
  method: v.string(),
  params: v.record(v.string(), v.unknown()),
  by: v.nullable(authorSchema),
})
export type ShareEvent = v.InferOutput<typeof eventSchema>

/** Says that the events with ids `from` to `to` (both included) were asked for and are no longer kept. */
export const gapSchema = v.object({
  threadId: v.string(),
  from: v.number(),
  to: v.number(),
  reason: v.picklist(['pruned', 'lost', 'forgotten']),
})
export type Gap = v.InferOutput<typeof gapSchema>

/** Where reading starts: an event id (that one and later), or a time in milliseconds since 1970. */
export const startingPointSchema = v.union([v.object({ id: v.number() }), v.object({ atMs: v.number() })])
export type StartingPoint = v.InferOutput<typeof startingPointSchema>
