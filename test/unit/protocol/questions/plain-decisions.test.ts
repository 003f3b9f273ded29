/** What a plain decision is in Codex's words, kind by kind, and how typed answers are read. */
import { expect } from 'chai'
import * as v from 'valibot'
import { elicitation } from '../../../../src/protocol/questions/elicitation.ts'
import { parseAnswer } from '../../../../src/protocol/questions/parse-answer.ts'
import { permissions } from '../../../../src/protocol/questions/permissions.ts'
import { type Decision, isYes, type QuestionKind } from '../../../../src/protocol/questions/question-kind.ts'
import { reviewOf } from '../../../../src/protocol/questions/review.ts'
import { toolCall } from '../../../../src/protocol/questions/tool-call.ts'
import { userInput } from '../../../../src/protocol/questions/user-input.ts'

const decisions: readonly Decision[] = ['approve', 'approveForSession', 'deny', 'cancel']
const answers = (kind: QuestionKind, params: object = {}) =>
  decisions.map((decision) => kind.decide({ ...params }, decision))

describe('A plain decision', () => {
  it('is a yes, for now or for the session, or a no', () => {
    expect(decisions.map(isYes)).to.deep.equal([true, true, false, false])
  })

  it('is a word for a command and a file change', () => {
    for (const name of ['command', 'fileChange'] as const)
      expect(answers(reviewOf(name))).to.deep.equal(
        ['accept', 'acceptForSession', 'decline', 'cancel'].map((decision) => ({ decision })),
      )
  })

  it('grants the permissions that were asked for, or none', () => {
    const asked = { permissions: { network: { enabled: true }, fileSystem: null } }
    const granted = { network: { enabled: true } }
    expect(answers(permissions, asked)).to.deep.equal([
      { permissions: granted, scope: 'turn' },
      { permissions: granted, scope: 'session' },
      { permissions: {}, scope: 'turn' },
      { permissions: {}, scope: 'turn' },
    ])
  })

  it('answers no question of the model, and calls no tool, but can refuse', () => {
    expect(answers(userInput)).to.deep.equal([undefined, undefined, { answers: {} }, { answers: {} }])
    const refused = { contentItems: [], success: false }
    expect(answers(toolCall)).to.deep.equal([undefined, undefined, refused, refused])
  })

  it('answers a tool server where there is nothing to fill in, and holds for the session where that is offered', () => {
    const no = [
      { action: 'decline', content: null, _meta: null },
      { action: 'cancel', content: null, _meta: null },
    ]
    const yes = { action: 'accept', content: {}, _meta: null }
    const empty = { requestedSchema: { type: 'object', properties: {} } }
    const offer = { ...empty, _meta: { persist: ['session'] } }
    expect(answers(elicitation, empty)).to.deep.equal([yes, undefined, ...no])
    expect(answers(elicitation, offer)).to.deep.equal([yes, { ...yes, _meta: { persist: 'session' } }, ...no])
    expect(answers(elicitation, { mode: 'url' })[0]).to.deep.equal({ ...yes, content: null })
    expect(answers(elicitation, { requestedSchema: { properties: { name: {} } } })[0]).to.equal(undefined)
  })

  it('is an answer as the kind’s own schema and example have it', () => {
    for (const kind of [reviewOf('command'), permissions, userInput, elicitation, toolCall]) {
      expect(v.is(kind.schema, JSON.parse(kind.example)), `example of ${kind.name}`).to.equal(true)
      for (const answer of answers(kind)) if (answer) expect(v.is(kind.schema, answer), kind.name).to.equal(true)
    }
  })
})

describe('An answer that was typed', () => {
  it('is a JSON object', () => {
    expect(parseAnswer('{"decision":"accept"}')).to.deep.equal({ decision: 'accept' })
    for (const text of ['accept', '[1]', ''])
      expect(() => parseAnswer(text))
        .to.throw('this is not a JSON object')
        .with.property('errorName', 'usage')
  })

  it('is one text for one question, and texts by name for several', () => {
    const parse = (ids: readonly string[], text: string) =>
      userInput.form?.parse({ questions: ids.map((id) => ({ id })) }, text)
    expect(parse(['where'], 'here')).to.deep.equal({ answers: { where: { answers: ['here'] } } })
    expect(parse(['a', 'b'], '{"b":"x"}')).to.deep.equal({ answers: { b: { answers: ['x'] } } })
    expect(parse([], 'here')).to.equal(undefined)
    expect(() => parse(['a', 'b'], 'x'))
      .to.throw('there are 2 questions')
      .with.property('hint', 'Its members are a, b.')
  })
})
