/** The parameters of `turn/start`, as far as the gate goes by them. */
import * as v from 'valibot'
import { ShareError } from '../../protocol/errors.ts'

const promptSchema = v.looseObject({
  threadId: v.string(),
  clientUserMessageId: v.nullish(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  input: v.pipe(v.array(v.looseObject({ type: v.string() })), v.minLength(1)),
})
/** Members that are not known here go to Codex as they are. */
export type PromptParams = v.InferOutput<typeof promptSchema>

/** @throws ShareError `usage` */
export function readPromptParams(params: unknown): PromptParams {
  const checked = v.safeParse(promptSchema, params)
  if (checked.success) return checked.output
  const [issue] = checked.issues
  throw new ShareError('usage', `turn/start: ${v.getDotPath(issue) ?? 'params'}: ${issue.message}`)
}
