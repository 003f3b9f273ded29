/** What the gate takes as the parameters of a prompt. */
import { expect } from 'chai'
import { readPromptParams } from '../../../../src/daemon/gate/prompt-params.ts'

const prompt = { threadId: 't', input: [{ type: 'text', text: 'hi' }] }

describe('The parameters of a prompt', () => {
  for (const [what, more] of [
    ['without an id', {}],
    ['with no id', { clientUserMessageId: null }],
    ['with the longest id', { clientUserMessageId: 'x'.repeat(200) }],
    ['with members that only Codex knows', { model: 'm', input: [{ type: 'image', url: 'u', detail: 'high' }] }],
  ] as const)
    it(`go to Codex as they are ${what}`, () => {
      expect(readPromptParams({ ...prompt, ...more })).to.deep.equal({ ...prompt, ...more })
    })

  for (const [what, where, params] of [
    ['that are none', 'params', null],
    ['without a thread', 'threadId', { input: prompt.input }],
    ['with a number as the thread', 'threadId', { ...prompt, threadId: 1 }],
    ['without input', 'input', { threadId: 't' }],
    ['with empty input', 'input', { ...prompt, input: [] }],
    ['with input of no type', 'input.1.type', { ...prompt, input: [...prompt.input, {}] }],
    ['with an empty id', 'clientUserMessageId', { ...prompt, clientUserMessageId: '' }],
    ['with too long an id', 'clientUserMessageId', { ...prompt, clientUserMessageId: 'x'.repeat(201) }],
  ] as const)
    it(`are refused ${what}, and the place is named`, () => {
      expect(() => readPromptParams(params))
        .to.throw(`turn/start: ${where}: `)
        .with.property('errorName', 'usage')
    })
})
