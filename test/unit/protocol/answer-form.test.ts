/** Which results are plainly no answers, kind by kind. */
import { expect } from 'chai'
import type { Decision } from '../../../src/protocol/questions/question-kind.ts'
import { answerTo } from '../../../src/protocol/questions/question-kinds.ts'
import { refuseWrongForm } from '../../../src/protocol/questions/refuse-wrong-form.ts'

const kinds = [
  ...['item/commandExecution/requestApproval', 'item/fileChange/requestApproval', 'item/permissions/requestApproval'],
  ...['mcpServer/elicitation/request', 'item/tool/requestUserInput', 'item/tool/call'],
]
const decisions: readonly Decision[] = ['approve', 'approveForSession', 'deny', 'cancel']

describe('An answer', () => {
  it('that this program gives has the form of its kind', () => {
    for (const method of kinds)
      for (const decision of decisions) {
        const result = answerTo({ method, params: {} }, decision)
        if (result) refuseWrongForm({ method }, result)
      }
  })

  it('of another form is refused, whatever the kind', () => {
    for (const method of kinds)
      for (const result of [{}, { a: 1 }, { decision: 1, permissions: 'all', action: null, answers: ['yes'] }])
        expect(() => refuseWrongForm({ method }, result), method)
          .to.throw(`this is no answer to ${method}`)
          .with.property('errorName', 'usage')
  })

  it('may be in words that only a newer Codex knows, and any where the kind is one', () => {
    refuseWrongForm({ method: 'item/fileChange/requestApproval' }, { decision: 'acceptForever', more: 1 })
    refuseWrongForm({ method: 'item/hologram/request' }, { a: 1 })
  })
})
