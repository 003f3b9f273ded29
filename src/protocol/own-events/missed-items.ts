/** `share/missed`: an event of the daemon's own, since Codex never sends again what it streamed while nobody listened. */
import * as v from 'valibot'

/**
 * Of these items something is missing at this place: they had begun, and were not complete, while the daemon could not hear Codex. An item's
 * `item/completed` brings the whole of it; one that its turn leaves open has the hole for good.
 */
export const missedSchema = v.object({ threadId: v.string(), turnId: v.string(), itemIds: v.array(v.string()) })

export const missedMethod = 'share/missed'
