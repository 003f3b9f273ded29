/** A call of a tool that a client offers. */
import * as v from 'valibot'
import { anyObject, isYes, type QuestionKind } from './question-kind.ts'

export const toolCall: QuestionKind = {
  name: 'toolCall',
  audience: 'toolClient',
  schema: v.looseObject({ contentItems: v.array(anyObject), success: v.boolean() }),
  example: '{"contentItems":[],"success":true}',
  decide: (_params, decision) => (isYes(decision) ? undefined : { contentItems: [], success: false }),
  endsTurn: () => false,
  form: null,
}
