/** Who is asked each kind of question, what a plain decision is to it, and what may be typed. */
import { expect } from 'chai'
import type { Decision } from '../../../../src/protocol/questions/question-kind.ts'
import { answerTo, questionKindOf } from '../../../../src/protocol/questions/question-kinds.ts'

const decisions: readonly Decision[] = ['approve', 'approveForSession', 'deny', 'cancel']
const methods = {
  command: 'item/commandExecution/requestApproval',
  fileChange: 'item/fileChange/requestApproval',
  permissions: 'item/permissions/requestApproval',
  userInput: 'item/tool/requestUserInput',
  elicitation: 'mcpServer/elicitation/request',
  toolCall: 'item/tool/call',
  token: 'account/chatgptAuthTokens/refresh',
  attestation: 'attestation/generate',
  time: 'currentTime/read',
  oldCommand: 'execCommandApproval',
  oldPatch: 'applyPatchApproval',
  newer: 'item/hologram/request',
  property: 'toString',
}

describe('A question of Codex’s', () => {
  it('is for people, for the client whose tool is called, for programs, or not known', () => {
    const audiences = Object.entries(methods).map(([name, method]) => `${name}: ${questionKindOf(method).audience}`)
    expect(audiences).to.deep.equal([
      ...['command: people', 'fileChange: people', 'permissions: people', 'userInput: people', 'elicitation: people'],
      ...['toolCall: toolClient', 'token: programs', 'attestation: programs', 'time: programs'],
      ...['oldCommand: programs', 'oldPatch: programs', 'newer: unknown', 'property: unknown'],
    ])
  })

  it('ends its turn with a cancel where Codex ends it', () => {
    const ending = Object.entries(methods).flatMap(([name, method]) =>
      decisions.flatMap((decision) => {
        const answer = answerTo({ method, params: {} }, decision)
        return answer && questionKindOf(method).endsTurn(answer) ? [`${name}: ${decision}`] : []
      }),
    )
    expect(ending).to.deep.equal(['command: cancel', 'fileChange: cancel'])
    expect(questionKindOf(methods.newer).endsTurn({ decision: 'cancel' })).to.equal(true)
  })

  it('is answered with a text, with texts by name, or with the fields of a form', () => {
    const parse = (method: string, params: object, text: string) =>
      questionKindOf(method).form?.parse({ ...params }, text)
    const two = { questions: [{ id: 'where' }, { id: 'why' }] }
    expect([
      parse(methods.userInput, { questions: [{ id: 'where' }] }, '{"a": 1}'),
      parse(methods.userInput, two, '{"why": "so"}'),
      parse(methods.userInput, { questions: [] }, 'so'),
      parse(methods.elicitation, {}, '{"count": 3}'),
      parse(methods.command, {}, 'so'),
      parse(methods.newer, {}, 'so'),
    ]).to.deep.equal([
      { answers: { where: { answers: ['{"a": 1}'] } } },
      { answers: { why: { answers: ['so'] } } },
      undefined,
      { action: 'accept', content: { count: 3 }, _meta: null },
      undefined,
      undefined,
    ])
    expect(() => parse(methods.userInput, two, 'so'))
      .to.throw('there are 2 questions: answer them as a JSON object of texts')
      .with.property('hint', 'Its members are where, why.')
    expect(() => parse(methods.elicitation, {}, 'so')).to.throw('this is not a JSON object: so')
  })
})
