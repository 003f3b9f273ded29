/** `share/settingsChanged`: an event of the daemon's own, since Codex tells what the settings of a thread are and not who changed which. */
import * as v from 'valibot'

/**
 * `from` and `to` are in Codex's words: a path for `cwd`, paths for `roots` (folders besides it), a policy with its `type` for
 * `sandbox`, the name of a profile for `permissions`.
 */
export const settingChangeSchema = v.object({
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

/** The event's params. Its `by` is who asked for the change; null when nobody did so through the daemon. */
export const settingsChangedSchema = v.object({ threadId: v.string(), changes: v.array(settingChangeSchema) })

export const settingsChangedMethod = 'share/settingsChanged'
