/** API keys as they travel: by name, and instead of the key what HMAC-SHA256 makes of it with a salt of its own. */
import * as v from 'valibot'

/** `digest` is null for a key that is not set. */
export const keyDigestsSchema = v.object({
  salt: v.string(),
  keys: v.array(v.object({ name: v.string(), digest: v.nullable(v.string()) })),
})
export type KeyDigests = v.InferOutput<typeof keyDigestsSchema>
