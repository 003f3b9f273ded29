/** The events that the daemon records itself, in Codex's form: `share/forgotten`, `share/missed`, `share/settingsChanged`. */
import * as v from 'valibot'

export const idRangeSchema = v.object({ from: v.number(), to: v.number() })
export type IdRange = v.InferOutput<typeof idRangeSchema>

/**
 * `share/forgotten` stands where events were taken out of the ledger, and is added when that happens. Its `by` is who asked. `ranges` are
 * the ids that events were forgotten at, both ends included; where the event stands for them itself, its own is the first, and its `at` the
 * time of the first of them. `turnId` is there when all were of one turn, `status` when the end of that turn is among them: how it ended.
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

/**
 * `share/missed` `{threadId, turnId, itemIds}`: Codex never sends again what it streamed while nobody listened. Of these items something is
 * missing at this place: they had begun, and were not complete, while the daemon could not hear Codex. An item's `item/completed` brings
 * the whole of it; one that its turn leaves open has the hole for good.
 */
export const missedMethod = 'share/missed'

/**
 * `from` and `to` are in Codex's words: a path for `cwd`, paths for `roots` (folders besides it), a policy with its `type` for
 * `sandbox`, the name of a profile for `permissions`.
 */
const settingChangeSchema = v.object({
  setting: v.picklist([
    'approvalPolicy',
    'approvalsReviewer',
    'sandbox',
    'permissions',
    'cwd',
    'roots',
    'model',
    'modelProvider',
    'serviceTier',
    'effort',
  ]),
  from: v.unknown(),
  to: v.unknown(),
})
export type SettingChange = v.InferOutput<typeof settingChangeSchema>

/**
 * `share/settingsChanged`: Codex reports a thread's settings, and not who changed which. `by` is who asked for the change; null when nobody
 * did so through the daemon.
 */
export const settingsChangedSchema = v.object({ threadId: v.string(), changes: v.array(settingChangeSchema) })

export const settingsChangedMethod = 'share/settingsChanged'
