/** A thread's queue: prompts that wait until the thread is free, each with its author. */
import * as v from 'valibot'
import { authorSchema } from './events.ts'

/** `text` is the beginning of what was written; `by` is null where that was forgotten. */
const queuedPromptSchema = v.object({
  id: v.string(),
  text: v.string(),
  by: v.nullable(authorSchema),
  queuedAt: v.string(),
})
export type QueuedPrompt = v.InferOutput<typeof queuedPromptSchema>

/** `prompts` in the order in which they are submitted; `heldBack` says why none is at present, null where they just wait their turn. */
export const threadQueueSchema = v.object({
  threadId: v.string(),
  prompts: v.array(queuedPromptSchema),
  heldBack: v.nullable(v.string()),
})
export type ThreadQueue = v.InferOutput<typeof threadQueueSchema>
