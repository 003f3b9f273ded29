/** `share/forgotten`: an event of the daemon's own that stands where events were taken out of the ledger, and is added when that happens. */
import * as v from 'valibot'

export const idRangeSchema = v.object({ from: v.number(), to: v.number() })
export type IdRange = v.InferOutput<typeof idRangeSchema>

/**
 * The event's params; its `by` is who asked. `ranges` are the ids that events were forgotten at, both ends included; where the event
 * stands for them itself, its own is the first, and its `at` the time of the first of them. `turnId` is there when all were of one turn,
 * `status` when the end of that turn is among them: how it ended.
 */
export const forgottenSchema = v.object({
  threadId: v.string(),
  turnId: v.optional(v.string()),
  events: v.number(),
  ranges: v.array(idRangeSchema),
  forgottenAt: v.string(),
  status: v.optional(v.string()),
})
export type Forgotten = v.InferOutput<typeof forgottenSchema>

export const forgottenMethod = 'share/forgotten'

/** Shorter than this a text is in nearly everything. */
export const shortestForgettable = 4
